// The gallery's pages: which modules run on a page with a grid, and which on a page with a photo alone.

import { startActions } from "./actions.js";
import { startGridKeys } from "./gridkeys.js";
import { startScrubber } from "./scrubber.js";
import { startSelection } from "./selection.js";
import { grid, startTimeline } from "./timeline.js";
import { startViewer } from "./viewer.js";

startActions();
if (grid()) {
  startSelection(); // first: its clicks go before the viewer's
  startTimeline();
  startScrubber();
  startGridKeys();
}
startViewer();
