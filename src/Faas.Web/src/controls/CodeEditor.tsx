import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "preact/hooks";
import { codeLanguage, type CodeLanguage } from "./codeLanguages.ts";
import { codeTheme } from "./codeTheme.ts";

interface Props {
  /** What the text is, for those who cannot see it. */
  readonly label: string;
  readonly language: CodeLanguage;
  readonly value: string;
  /** Without it the text can be read only. */
  readonly onChange?: (text: string) => void;
  /** Read when the editor is made. */
  readonly extensions?: Extension;
  readonly onReady?: (view: EditorView) => void;
}

/** An editor of code that fills its parent. Tab indents; Escape and then Tab leaves the editor. */
export function CodeEditor({ label, language, value, onChange, extensions = [], onReady }: Props) {
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const changed = useRef(onChange);
  changed.current = onChange;
  const languages = useRef(new Compartment());

  useEffect(() => {
    const editor = new EditorView({
      parent: parent.current!,
      state: EditorState.create({
        doc: value,
        extensions: [
          extensions,
          onChange ? editing : [EditorState.readOnly.of(true), EditorView.editable.of(false)],
          shared,
          languages.current.of(codeLanguage(language)),
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current?.(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    onReady?.(editor);
    return () => editor.destroy();
  }, []);

  useEffect(() => view.current!.dispatch({ effects: languages.current.reconfigure(codeLanguage(language)) }), [language]);
  useEffect(() => {
    const { state } = view.current!;
    if (state.doc.toString() !== value) view.current!.dispatch({ changes: { from: 0, to: state.doc.length, insert: value } });
  }, [value]);

  return <div ref={parent} class="code-editor" />;
}

// Text over a selection is put in here. The browser would copy the look of what was selected into a style attribute, which the page's
// policy forbids (and CodeMirror has no use for it).
const replacing = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const { main } = view.state.selection;
    const text = event.data;
    if (event.inputType !== "insertText" || !text || main.empty || view.composing) return false;
    const insert = () => view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
    const handlers = view.state.facet(EditorView.inputHandler);
    if (!handlers.some((handle) => handle(view, main.from, main.to, text, insert))) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});

const editing: Extension = [
  replacing, history(), indentOnInput(), closeBrackets(), highlightActiveLine(), highlightActiveLineGutter(),
  keymap.of([...closeBracketsKeymap, ...historyKeymap, indentWithTab]),
];

const shared: Extension = [
  codeTheme, lineNumbers(), drawSelection(), bracketMatching(), highlightSelectionMatches(), keymap.of([...searchKeymap, ...defaultKeymap]),
];
