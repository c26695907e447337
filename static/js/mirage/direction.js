// Which way reading goes: 1 to the right, -1 to the left, as in Arabic and Hebrew.

export const forward = document.documentElement.dir === "rtl" ? -1 : 1;
const MIRRORED = { ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" };

/** The key by what it means: ArrowRight is the one that points to what comes next. */
export const inReading = (key) => (forward < 0 && MIRRORED[key]) || key;
