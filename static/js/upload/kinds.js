// Which files are photos or videos, and which describe one (media/mediatypes.py and photos/ingest/sidecars.py decide
// alike).

import { gettext } from "../mirage/words.js";

const SUPPLEMENTAL = "supplemental-metadata";

const extensionOf = (name) => (name.includes(".") ? `.${name.split(".").pop().toLowerCase()}` : "");

const isSidecar = (name) => [".xmp", ".json"].includes(extensionOf(name));

/** Whether `name` describes the photo `photo`: IMG.jpg.xmp, IMG.xmp, and Google Takeout's JSON. */
function isSidecarOf(name, photo) {
  const [lower, media] = [name.toLowerCase(), photo.toLowerCase()];
  const stem = lower.slice(0, lower.lastIndexOf("."));
  if (lower.endsWith(".xmp")) return stem === media || stem === media.slice(0, media.lastIndexOf("."));
  if (!lower.endsWith(".json") || !stem.startsWith(media)) return false;
  return SUPPLEMENTAL.startsWith(stem.slice(media.length).replace(/^\./, ""));
}

/** Split into photos with their sidecars, and files that are neither. */
export function sort(list, extensions) {
  const media = [];
  const sidecars = [];
  const others = [];
  for (const one of list) {
    if (extensions.has(extensionOf(one.file.name))) media.push({ ...one, sidecars: [] });
    else if (isSidecar(one.file.name)) sidecars.push(one);
    else others.push({ ...one, reason: gettext("no photo or video") });
  }
  const byFolder = group(media);
  for (const sidecar of sidecars) {
    const beside = byFolder.get(sidecar.folder) ?? [];
    const described = beside.filter((one) => isSidecarOf(sidecar.file.name, one.file.name));
    described.forEach((one) => one.sidecars.push(sidecar.file));
    if (!described.length) others.push({ ...sidecar, reason: gettext("describes no photo that came with it") });
  }
  return { media, others };
}

function group(media) {
  const groups = new Map();
  for (const one of media) {
    if (!groups.has(one.folder)) groups.set(one.folder, []);
    groups.get(one.folder).push(one);
  }
  return groups;
}
