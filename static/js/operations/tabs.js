// On a phone the tabs of the administration scroll sideways: the current one is brought into view.

const tabs = document.querySelector(".administration-tabs");
const current = tabs?.querySelector("[aria-current]");
if (current) tabs.scrollLeft = current.offsetLeft - (tabs.clientWidth - current.offsetWidth) / 2;
