// SHA-256 sums of files, computed one after the other in a worker so that the page stays quick.

let worker = null;
let last = Promise.resolve();
let count = 0;

/** The sum in hexadecimal; rejects when the file cannot be read. `onProgress` gets bytes. */
export function sumOf(file, onProgress = () => {}) {
  const result = last.then(() => ask(file, onProgress));
  last = result.catch(() => {});
  return result;
}

function ask(file, onProgress) {
  worker ??= new Worker(new URL("./hash_worker.js", import.meta.url), { type: "module" });
  const id = (count += 1);
  return new Promise((resolve, reject) => {
    const listen = ({ data }) => {
      if (data.id !== id) return;
      if (data.done !== undefined) {
        onProgress(data.done);
        return;
      }
      worker.removeEventListener("message", listen);
      if (data.sum) resolve(data.sum);
      else reject(new Error(data.error));
    };
    worker.addEventListener("message", listen);
    worker.addEventListener("error", () => reject(new Error("The worker could not be started.")), { once: true });
    worker.postMessage({ id, file });
  });
}
