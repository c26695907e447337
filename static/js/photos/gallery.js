// The gallery's pages: which modules run on a page with a grid, and which on a page with a photo alone.

import { startActions } from "./actions.js";
import { startGridKeys } from "./gridkeys.js";
import { startScrubber } from "./scrubber.js";
import { startSelection } from "./selection.js";
import { startPreviews } from "./grid/previews.js";
import { startSizes } from "./grid/sizes.js";
import { grid, startTimeline } from "./timeline.js";
import { startViewer } from "./viewer.js";
import { startWhereabouts } from "./grid/whereabouts.js";

startActions();
if (grid()) {
  startSelection(); // first: its clicks go before the viewer's
  startTimeline();
  startScrubber();
  startGridKeys();
  startSizes();
  startWhereabouts();
  startPreviews();
}
startViewer();
