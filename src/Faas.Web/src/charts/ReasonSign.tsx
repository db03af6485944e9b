import { useEffect, useRef } from "preact/hooks";
import { isDark } from "../shell/theme.ts";
import { patternFill } from "./pattern.ts";
import { lookOf } from "./reasonLook.ts";

/** The sample of a reason's colour and pattern beside its word. */
export function ReasonSign({ reason }: { readonly reason: string }) {
  const sample = useRef<HTMLCanvasElement>(null);
  const dark = isDark.value;
  useEffect(() => {
    const style = getComputedStyle(document.documentElement);
    const colour = (token: string) => style.getPropertyValue(`--${token}`).trim();
    const { token, pattern } = lookOf(reason);
    const draw = sample.current!.getContext("2d")!;
    draw.fillStyle = patternFill(pattern, colour(token), colour("back"));
    draw.fillRect(0, 0, 12, 12);
    draw.strokeStyle = colour(token);
    draw.strokeRect(0.5, 0.5, 11, 11);
  }, [reason, dark]);
  return <canvas ref={sample} class="reason-sign" width={12} height={12} aria-hidden="true" />;
}
