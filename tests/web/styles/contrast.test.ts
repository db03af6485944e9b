import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const css = readFileSync(new URL("../../../src/Faas.Web/src/styles/tokens.css", import.meta.url), "utf8");

/** The colours of a theme by name: those of the block that a selector begins, over those of the first block. */
function coloursOf(selector: string): ReadonlyMap<string, string> {
  const blocks = [":root {", selector].map((begin) => css.slice(css.indexOf(begin), css.indexOf("}", css.indexOf(begin))));
  return new Map([...blocks.join("\n").matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, colour]) => [name!, colour!]));
}

// WCAG 2.2, "relative luminance" and "contrast ratio".
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

test("Contrast is counted as WCAG does it", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
  assert.equal(contrast("#777777", "#ffffff").toFixed(2), "4.48");
});

for (const [theme, selector] of [["light", ":root {"], ["dark", ":root[data-dark] {"]] as const) {
  test(`Code can be read on each ground that it stands on: ${theme}`, () => {
    const colours = coloursOf(selector);
    const inks = [...colours.keys()].filter((name) => name.startsWith("syntax-"));
    assert.ok(inks.length >= 6);
    // The editor and its active line, added and removed lines of a comparison, what equals the selection, brackets that match.
    for (const ink of ["text", "muted", ...inks])
      for (const ground of ["back", "surface", "hover", "good-soft", "bad-soft", "warn-soft", "accent-soft"]) {
        const ratio = contrast(colours.get(ink)!, colours.get(ground)!);
        assert.ok(ratio >= 4.5, `--${ink} on --${ground} has ${ratio.toFixed(2)}`);
      }
  });
}
