import { Button } from "../controls/Button.tsx";
import { toast } from "../controls/toasts.ts";
import { ownDraft, remember, takeOwn } from "./kept.ts";

/** Says that the code in the editor came by a link, and leads back to the user's own. */
export function SharedNote() {
  const own = ownDraft.value;
  if (!own) return null;
  const keepShared = () => {
    const undo = remember();
    ownDraft.value = null;
    toast("Your draft is discarded.", "note", { title: "Undo", run: undo });
  };
  const goBack = () => {
    const undo = remember();
    takeOwn();
    toast("Your draft is in the editor.", "note", { title: "Undo", run: undo });
  };
  return (
    <div class="play-shared">
      <p role="status" class="grow">The shared code is in the editor. Your own draft is kept.</p>
      <Button onClick={goBack}>Back to your draft</Button>
      <Button kind="plain" onClick={keepShared}>Discard your draft</Button>
    </div>
  );
}
