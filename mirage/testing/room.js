// What has no room on the page as it is: what is wider than the screen, cut off, or lies over something else.
() => {
  const SLACK = 2; // pixels: rounding
  const wrong = [];
  const said = (element) => {
    const text = (element.innerText || element.ariaLabel || "").trim().replace(/\s+/g, " ").slice(0, 60);
    return `${element.tagName.toLowerCase()}.${[...element.classList].join(".")} “${text}”`;
  };
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const scrolls = (element) => {
    for (let one = element.parentElement; one && one !== document.body; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (["auto", "scroll"].includes(style.overflowX) && one.scrollWidth > one.clientWidth) return true;
    }
    return false;
  };
  const isHeard = (element) => element.closest(".visually-hidden, .skip, [inert], svg, option"); // not seen

  const { left, right } = document.body.getBoundingClientRect(); // without the room that is kept for a scrollbar
  const wide = document.documentElement.scrollWidth;
  if (wide > Math.max(right - left, document.documentElement.clientWidth) + SLACK) wrong.push(`the page is ${wide} px wide`);

  const texts = [...document.body.querySelectorAll("*")].filter(
    (one) => hasText(one) && one.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && !isHeard(one),
  );
  for (const one of texts) {
    const box = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    if (!box.width || !box.height || style.clipPath === "inset(50%)") continue; // only heard
    if ((box.right > right + SLACK || box.left < left - SLACK) && !scrolls(one))
      wrong.push(`beyond the screen, ${Math.round(box.left)}–${Math.round(box.right)}: ${said(one)}`);
    const hides = ["hidden", "clip"].includes(style.overflowX) && style.textOverflow !== "ellipsis";
    const clamps = style.webkitLineClamp !== "none";
    if (hides && !clamps && one.scrollWidth > one.clientWidth + SLACK) wrong.push(`cut off: ${said(one)}`);
    const low = ["hidden", "clip"].includes(style.overflowY) && !clamps;
    if (low && one.scrollHeight > one.clientHeight + 6) wrong.push(`cut off below: ${said(one)}`);
  }

  // controls that stand beside each other in one layer
  const controls = [...document.body.querySelectorAll("main a, main button, main label, main input, main h1, main h2, main h3, main p")];
  const flat = controls.filter((one) => {
    if (!one.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) || isHeard(one)) return false;
    if (getComputedStyle(one).display === "inline") return false; // within a text, whose lines its box spans
    for (let up = one; up && up.tagName !== "MAIN"; up = up.parentElement)
      if (["absolute", "fixed", "sticky"].includes(getComputedStyle(up).position)) return false;
    return true;
  });
  const boxes = flat.map((one) => [one, one.getBoundingClientRect()]).filter(([, box]) => box.width > 4 && box.height > 4);
  for (let i = 0; i < boxes.length; i++)
    for (let j = i + 1; j < Math.min(boxes.length, i + 40); j++) {
      const [[one, a], [other, b]] = [boxes[i], boxes[j]];
      if (one.contains(other) || other.contains(one) || one.closest("label") === other || other.closest("label") === one) continue;
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 4 && down > 4) wrong.push(`one over the other: ${said(one)} and ${said(other)}`);
    }
  return [...new Set(wrong)];
};
