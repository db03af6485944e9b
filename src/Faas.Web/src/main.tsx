import "./styles/tokens.css";
import "./styles/base.css";
import "./controls/controls.css";
import "./shell/shell.css";
import { render } from "preact";
import { watchScopes } from "./api/scopes.ts";
import { App } from "./shell/App.tsx";
import { listenForKeys } from "./shell/commands.ts";
import { followLinks } from "./shell/navigation.ts";
import { applyTheme } from "./shell/theme.ts";
import { views } from "./shell/views.ts";

applyTheme();
followLinks(views.map((view) => view.segment));
listenForKeys();
watchScopes();
render(<App />, document.getElementById("app")!);
