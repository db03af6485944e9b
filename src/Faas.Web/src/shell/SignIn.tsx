import { useState } from "preact/hooks";
import { question } from "../api/signIn.ts";
import { Button } from "../controls/Button.tsx";
import { Dialog } from "../controls/Dialog.tsx";

/** Asks for a key when the server wants one. */
export function SignIn() {
  const asked = question.value;
  return asked && <SignInDialog key={asked.why} why={asked.why} answer={asked.answer} />;
}

function SignInDialog({ why, answer }: { readonly why: string; readonly answer: (secret: string | null) => void }) {
  const [secret, setSecret] = useState("");
  const isWrong = !/^[!-~]*$/.test(secret.trim());
  return (
    <Dialog title="Sign in with a key" onClose={() => answer(null)}>
      <p>{why}</p>
      <form class="dialog-form" onSubmit={(event) => { event.preventDefault(); answer(secret.trim()); }}>
        <label class="field">
          <span class="field-label">Secret of the key</span>
          <input class="input mono" type="password" name="key" autocomplete="current-password" required autofocus spellcheck={false}
            value={secret} onInput={(event) => setSecret(event.currentTarget.value)} />
        </label>
        {isWrong && (
          <p class="field-wrong" role="alert">A key has no spaces, and letters of English alone; quotes around it are no part of it.</p>
        )}
        <p class="muted">It is kept until this tab is closed, is sent to this server alone, and is never part of an address.</p>
        <div class="dialog-foot">
          <Button onClick={() => answer(null)}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={secret.trim() === "" || isWrong}>Sign in</Button>
        </div>
      </form>
    </Dialog>
  );
}
