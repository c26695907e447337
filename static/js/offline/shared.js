// Pictures that were shared to Mirage from elsewhere on this device and are not sent yet, in IndexedDB. One of the same
// content is kept once. A script and a module at once: the service worker and the pages both read `self.mirageShared`.

(() => {
  const STORE = "files";
  const HASHED = 64 * 1024 * 1024; // larger files are told apart by name and size: their sum would take all memory

  function open() {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open("mirage-shared", 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  async function withStore(mode, use) {
    const database = await open();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(STORE, mode);
        const request = use(transaction.objectStore(STORE));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onerror = transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  }

  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

  /** The SHA-256 sum of a file; empty for one that is too large to be read at once. */
  async function sumOf(file) {
    return file.size <= HASHED ? hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer())) : "";
  }

  /** Keep files of a user, who may be unknown yet (""). */
  async function keep(files, user) {
    for (const file of files) {
      const sum = await sumOf(file);
      const key = sum || `${file.name}|${file.size}|${file.lastModified}`;
      const { name, lastModified } = file;
      await withStore("readwrite", (store) => store.put({ key, sum, file, name, lastModified, user, url: null }));
    }
  }

  self.mirageShared = {
    keep,
    all: () => withStore("readonly", (store) => store.getAll()),
    count: () => withStore("readonly", (store) => store.count()),
    forget: (key) => withStore("readwrite", (store) => store.delete(key)),
    put: (one) => withStore("readwrite", (store) => store.put(one)),
    clear: () => withStore("readwrite", (store) => store.clear()),
    LOCK: "mirage-shared", // held by who is sending them
  };
})();
