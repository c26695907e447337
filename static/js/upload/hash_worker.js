// A worker that adds up files by SHA-256: {id, file} in, {id, done} as it goes, {id, sum} or {id, error} at the end.
// The browser's own crypto takes whole files only and is absent on plain http, where most home servers are.

import { sha256 } from "../../vendor/noble-hashes/sha2.js";

const BLOCK = 4 * 1024 * 1024;
const SMALL = 64 * 1024 * 1024;

async function sumOf(file, onProgress) {
  if (self.crypto?.subtle && file.size <= SMALL) {
    return new Uint8Array(await self.crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  }
  const hash = sha256.create();
  for (let at = 0; at < file.size; at += BLOCK) {
    hash.update(new Uint8Array(await file.slice(at, at + BLOCK).arrayBuffer()));
    onProgress(Math.min(at + BLOCK, file.size));
  }
  return hash.digest();
}

self.addEventListener("message", async ({ data: { id, file } }) => {
  try {
    const digest = await sumOf(file, (done) => self.postMessage({ id, done }));
    self.postMessage({ id, sum: Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") });
  } catch (error) {
    self.postMessage({ id, error: String(error) });
  }
});
