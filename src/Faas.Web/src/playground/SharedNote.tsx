import { Button } from "../controls/Button.tsx";
import { toast } from "../controls/toasts.ts";
import { ownDraft, takeOwn } from "./kept.ts";

/** Says that the code in the editor came by a link, and leads back to the user's own. */
export function SharedNote() {
  const own = ownDraft.value;
  if (!own) return null;
  const keepShared = () => {
    ownDraft.value = null;
    toast("Your draft is discarded.", "note", { title: "Undo", run: () => (ownDraft.value = own) });
  };
  return (
    <div class="play-shared">
      <p role="status" class="grow">The shared code is in the editor. Your own draft is kept.</p>
      <Button onClick={takeOwn}>Back to your draft</Button>
      <Button kind="plain" onClick={keepShared}>Discard your draft</Button>
    </div>
  );
}
