import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Empty, Failed } from "../controls/States.tsx";
import { Guard } from "./Guard.tsx";
import { place } from "./navigation.ts";
import { views, type View, type ViewProps } from "./views.ts";

const loaded = new Map<View, ComponentType<ViewProps>>();

/** The view that the address names. Its code is loaded when it is first shown. */
export function CurrentView() {
  const { view: segment, rest } = place.value;
  const view = views.find((one) => one.segment === segment);
  if (!view) {
    return <Empty title="There is no such page">This address names no part of the page. <a href="/">Go to the Playground</a></Empty>;
  }

  return <Guard key={segment}><LoadedView view={view} rest={rest} /></Guard>;
}

function LoadedView({ view, rest }: { readonly view: View; readonly rest: string }) {
  const [, redraw] = useState(0);
  const [error, setError] = useState<unknown>(null);
  const Content = loaded.get(view);
  const load = () => {
    setError(null);
    view.load().then((code) => { loaded.set(view, code.default); redraw((n) => n + 1); }, setError);
  };
  useEffect(() => {
    document.title = view.segment === "" ? "Faas" : `${view.title} · Faas`;
    if (!Content) load();
  }, [view]);
  // After an upgrade of the server the files of the page that is open are gone; a reload brings the new ones.
  if (error) return <Failed title="This part of the page could not be loaded" error={error} onRetry={() => location.reload()} />;
  return Content ? <Content rest={rest} /> : null;
}
