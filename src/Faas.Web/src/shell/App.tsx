import { endSession, key, session } from "../api/key.ts";
import { isReachable } from "../api/reachable.ts";
import { askForKey } from "../api/signIn.ts";
import { Button } from "../controls/Button.tsx";
import { Icon } from "../controls/Icon.tsx";
import { Toasts } from "../controls/Toasts.tsx";
import { dismissAll, toast } from "../controls/toasts.ts";
import { useCommands } from "./commands.ts";
import { CurrentView } from "./CurrentView.tsx";
import { keysText } from "./keys.ts";
import { go, place } from "./navigation.ts";
import { isPaletteOpen, Palette } from "./Palette.tsx";
import { isMac } from "./platform.ts";
import { addressOf } from "./routes.ts";
import { SignIn } from "./SignIn.tsx";
import { nextTheme, theme } from "./theme.ts";
import { views } from "./views.ts";

const themeIcons = { system: "system", light: "sun", dark: "moon" } as const;

const signIn = () => void askForKey("Calls are then sent with this key.");
const signOut = () => {
  endSession();
  dismissAll();
  toast("Signed out: the key is forgotten, and what was read with it.");
};
const openPalette = () => (isPaletteOpen.value = true);

/** The page: its bar, and the view below it. */
export function App() {
  useCommands(() => [
    ...views.map((view) => ({
      id: `go-${view.segment}`, title: `Go to ${view.title}`, group: "Page", run: () => go(addressOf({ view: view.segment, rest: "" })),
    })),
    { id: "palette", title: "Show all commands", group: "Page", keys: "Mod+k", run: openPalette },
    { id: "theme", title: "Change the theme", group: "Page", run: () => toast(`Theme: ${nextTheme()}.`) },
    { id: "sign-in", title: "Sign in with a key", group: "Page", run: signIn },
    ...(key.value ? [{ id: "sign-out", title: "Sign out", group: "Page", run: signOut }] : []),
    { id: "api", title: "Open the API's document", group: "Page", run: () => location.assign("/docs") },
  ], [key.value]);

  return (
    <div class="shell">
      <a class="skip" href="#main">Skip to the content</a>
      <header class="bar">
        <a class="brand" href="/" aria-label="Faas, Playground">
          <BrandMark />
          <span>Faas</span>
        </a>
        <nav class="nav" aria-label="Views">
          {views.map((view) => (
            <a key={view.segment} href={addressOf({ view: view.segment, rest: "" })}
              aria-current={place.value.view === view.segment ? "page" : undefined}>
              {view.title}
            </a>
          ))}
          <a href="/docs">API</a>
        </nav>
        <div class="bar-tools">
          <Button class="bar-search" icon={<Icon name="search" />} onClick={openPalette} title="Commands">
            <span>Commands</span>
            <kbd>{keysText("Mod+K", isMac)}</kbd>
          </Button>
          <Button kind="plain" class="bar-theme" icon={<Icon name={themeIcons[theme.value]} />} label={`Theme: ${theme.value}`}
            onClick={nextTheme} />
          {key.value
            ? <Button kind="plain" class="is-signed-in" icon={<Icon name="key" />} label="Sign out" onClick={signOut} />
            : <Button kind="plain" icon={<Icon name="key" />} label="Sign in with a key" onClick={signIn} />}
        </div>
      </header>
      {!isReachable.value && <p class="notice" role="status">The server does not answer. The page asks again every 5 seconds.</p>}
      <main id="main" class="content" tabIndex={-1}>
        <CurrentView key={session.value} />
      </main>
      <Palette />
      <SignIn />
      <Toasts />
    </div>
  );
}

function BrandMark() {
  return (
    <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" class="brand-back" />
      <path class="brand-line" d="M11 24V9.5h11M11 16.5h8.5" fill="none" stroke-width="3.4" stroke-linecap="round"
        stroke-linejoin="round" />
    </svg>
  );
}
