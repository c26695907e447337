// From a drop or a picker to a flat list of {file, folder, handle}: folders are walked to their ends. `handle` lets a
// browser that has the File System Access API open the file again after the page was closed; elsewhere it is null.

const JUNK = /^(\..*|thumbs\.db|desktop\.ini|ehthumbs\.db)$/i;

// Browsers offer pictures that are dragged out of a page as files, too.
let fromThisPage = false;
document.addEventListener("dragstart", () => {
  fromThisPage = true;
});
document.addEventListener("dragend", () => {
  fromThisPage = false;
});

/** Whether files from outside hang on the pointer. */
export const carriesFiles = (event) => !fromThisPage && Boolean(event.dataTransfer?.types.includes("Files"));

/** What a drop holds. Call it within the event: the browser forgets the items when the event is over. */
export function dropped(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const roots = items.map((item) => {
    const entry = item.webkitGetAsEntry?.();
    return { file: item.getAsFile(), entry, handle: item.getAsFileSystemHandle?.().catch(() => null) };
  });
  return Promise.all(roots.map(fromRoot)).then((lists) => lists.flat());
}

/** What an <input type=file> holds; `webkitRelativePath` tells the folders. */
export function picked(input) {
  return [...input.files]
    .filter((file) => !JUNK.test(file.name))
    .map((file) => ({ file, folder: file.webkitRelativePath.split("/").slice(0, -1).join("/"), handle: null }));
}

async function fromRoot({ file, entry, handle }) {
  const opened = await handle;
  if (opened) return fromHandle(opened, "");
  if (entry) return fromEntry(entry, "");
  return file ? [{ file, folder: "", handle: null }] : [];
}

async function fromHandle(handle, folder) {
  if (JUNK.test(handle.name)) return [];
  if (handle.kind === "file") return [{ file: await handle.getFile(), folder, handle }];
  const lists = [];
  for await (const child of handle.values()) lists.push(await fromHandle(child, join(folder, handle.name)));
  return lists.flat();
}

async function fromEntry(entry, folder) {
  if (JUNK.test(entry.name)) return [];
  if (entry.isFile) {
    return [{ file: await new Promise((resolve, reject) => entry.file(resolve, reject)), folder, handle: null }];
  }
  const reader = entry.createReader();
  const lists = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)); // a hundred at a time
    if (!some.length) return lists.flat();
    for (const child of some) lists.push(await fromEntry(child, join(folder, entry.name)));
  }
}

const join = (folder, name) => (folder ? `${folder}/${name}` : name);
