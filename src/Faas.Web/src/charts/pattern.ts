import type { Pattern } from "./reasonLook.ts";

const size = 6;

/** A canvas' filling with a pattern in a colour. */
export function patternFill(pattern: Pattern, colour: string, back: string): CanvasPattern | string {
  if (pattern === "full") return colour;
  const tile = document.createElement("canvas");
  tile.width = tile.height = size;
  const draw = tile.getContext("2d")!;
  draw.fillStyle = back;
  draw.fillRect(0, 0, size, size);
  draw.strokeStyle = draw.fillStyle = colour;
  draw.lineWidth = 1.6;
  const line = (...points: [number, number][]) => {
    draw.beginPath();
    points.forEach(([x, y], index) => (index === 0 ? draw.moveTo(x, y) : draw.lineTo(x, y)));
    draw.stroke();
  };
  if (pattern === "up" || pattern === "cross") for (const shift of [-size, 0, size]) line([shift - 1, size + 1], [shift + size + 1, -1]);
  if (pattern === "down" || pattern === "cross") for (const shift of [-size, 0, size]) line([shift - 1, -1], [shift + size + 1, size + 1]);
  if (pattern === "dots") draw.fillRect(1, 1, 3, 3);
  if (pattern === "lines") line([0, 3], [size, 3]);
  if (pattern === "bars") line([3, 0], [3, size]);
  return draw.createPattern(tile, "repeat")!;
}
