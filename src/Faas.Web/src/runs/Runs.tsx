import "../controls/view.css";
import "./runs.css";
import { place } from "../shell/navigation.ts";
import type { ViewProps } from "../shell/views.ts";
import { isKeptList } from "./keptFilter.ts";
import { KeptRuns } from "./KeptRuns.tsx";
import { RecentRuns } from "./RecentRuns.tsx";

/** The runs: those of the last minutes, or those that are kept in the store. */
export default function Runs(props: ViewProps) {
  void place.value; // drawn anew when the address changes
  return isKeptList(location.search) ? <KeptRuns {...props} /> : <RecentRuns {...props} />;
}
