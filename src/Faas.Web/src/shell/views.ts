import type { ComponentType } from "preact";

/** What a view gets. */
export interface ViewProps {
  /** What the address has behind the view's own segment, still encoded: `math%2Fadd` of `/scripts/math%2Fadd`. */
  readonly rest: string;
}

/** A part of the page with an address and an entry in the navigation. */
export interface View {
  /** The first segment of its address; empty: the view at `/`. */
  readonly segment: string;
  readonly title: string;
  /** Its code, which is loaded when the view is first opened. */
  readonly load: () => Promise<{ default: ComponentType<ViewProps> }>;
}

/** All views, in the order of the navigation. */
export const views: readonly View[] = [
  { segment: "", title: "Playground", load: () => import("../playground/Playground.tsx") },
  { segment: "scripts", title: "Scripts", load: () => import("../scripts/Scripts.tsx") },
  { segment: "pool", title: "Pool", load: () => import("../pool/Pool.tsx") },
  { segment: "runs", title: "Runs", load: () => import("../runs/Runs.tsx") },
  { segment: "schedules", title: "Schedules", load: () => import("../schedules/Schedules.tsx") },
];
