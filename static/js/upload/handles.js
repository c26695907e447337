// Handles of files whose upload was begun, kept in IndexedDB by the upload's key, so that one click resumes after the
// page was closed. Only browsers with the File System Access API hand them out; everywhere else this stays empty.

const STORE = "handles";

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("mirage-uploads", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function withStore(mode, use) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const request = use(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    database.close();
  }
}

export const keep = (key, handle) => withStore("readwrite", (store) => store.put(handle, key));
export const forget = (key) => withStore("readwrite", (store) => store.delete(key));
export const known = () => withStore("readonly", (store) => store.getAllKeys());

/** The file behind a kept handle, after asking for permission if need be; null when it is refused or gone. */
export async function reopen(key) {
  const handle = await withStore("readonly", (store) => store.get(key));
  if (!handle || (await handle.requestPermission({ mode: "read" })) !== "granted") return null;
  return { file: await handle.getFile(), folder: "", handle };
}
