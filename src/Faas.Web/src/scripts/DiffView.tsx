import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "preact/hooks";
import { codeLanguage, type CodeLanguage } from "../controls/codeLanguages.ts";
import { codeTheme } from "../controls/codeTheme.ts";

/** Below this width, in pixels, two texts side by side are too narrow to be read. */
const narrow = 640;

interface Props {
  readonly from: { readonly title: string; readonly language: CodeLanguage; readonly code: string };
  readonly to: { readonly title: string; readonly language: CodeLanguage; readonly code: string };
}

/** Two texts side by side, or on a narrow screen as one; lines that are the same are folded. */
export function DiffView({ from, to }: Props) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parent = place.current!;
    const folded = { collapseUnchanged: { margin: 3, minSize: 6 } };
    if (parent.clientWidth < narrow) {
      const extensions = [
        readOnly(to.language, `${from.title} and ${to.title}`),
        unifiedMergeView({ original: from.code, mergeControls: false, gutter: true, ...folded }),
      ];
      const view = new EditorView({ parent, state: EditorState.create({ doc: to.code, extensions }) });
      return () => view.destroy();
    }

    const view = new MergeView({
      parent,
      gutter: true,
      ...folded,
      a: { doc: from.code, extensions: readOnly(from.language, from.title) },
      b: { doc: to.code, extensions: readOnly(to.language, to.title) },
    });
    return () => view.destroy();
  }, [from.code, to.code, from.language, to.language]);
  return <div ref={place} class="diff" />;
}

const readOnly = (language: CodeLanguage, label: string): Extension => [
  codeTheme,
  lineNumbers(),
  codeLanguage(language),
  EditorState.readOnly.of(true),
  EditorView.editable.of(false),
  EditorView.lineWrapping,
  EditorView.contentAttributes.of({ tabindex: "0", "aria-label": label }),
];
