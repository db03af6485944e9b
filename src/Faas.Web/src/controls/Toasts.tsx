import { Button } from "./Button.tsx";
import { Icon } from "./Icon.tsx";
import { dismiss, toasts } from "./toasts.ts";

/** Shows the messages of `toast`, and reads them out. */
export function Toasts() {
  return (
    <div class="toasts" role="status">
      {toasts.value.map(({ id, text, kind, action }) => (
        <div key={id} class={`toast toast-${kind}`}>
          <span class="grow">{text}</span>
          {action && <Button onClick={() => { dismiss(id); action.run(); }}>{action.title}</Button>}
          <Button kind="plain" icon={<Icon name="close" />} label="Dismiss" onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
