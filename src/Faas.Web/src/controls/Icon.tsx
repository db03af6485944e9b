const shapes = {
  play: "M5 3.5v9l7.5-4.5z",
  stop: "M4 4h8v8H4z",
  stream: "M2.5 4.5h7M2.5 8h11M2.5 11.5h5",
  close: "M4 4l8 8M12 4l-8 8",
  copy: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
  share: "M8 10V2.5M5 5l3-3 3 3M3 8.5v5h10v-5",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7L14 14",
  key: "M5 14a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM7.2 8.8l6.3-6.3M11 5l2 2M9 7l1.2 1.2",
  sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
  moon: "M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5z",
  system: "M2 3h12v8H2zM6 14h4M8 11v3",
  right: "M6 3.5L10.5 8 6 12.5",
  down: "M3.5 6L8 10.5 12.5 6",
  hash: "M6 2.5L4.5 13.5M11.5 2.5L10 13.5M2.8 5.8h11M2.2 10.2h11",
  code: "M5.5 4L1.5 8l4 4M10.5 4l4 4-4 4",
  trash: "M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.5 9h6l.5-9",
  download: "M8 2.5V10M5 7.5l3 3 3-3M3 13.5h10",
  wrap: "M2.5 4h11M2.5 8h8.5a2.25 2.25 0 0 1 0 4.5H8M9.5 10.5l-2 2 2 2M2.5 12.5h2",
  refresh: "M13 4v3h-3M13 7A5.2 5.2 0 1 0 13 9.6",
} as const;

export type IconName = keyof typeof shapes;

/** A picture of 16 by 16 pixels in the colour of the text; those who cannot see it miss nothing. */
export function Icon({ name }: { readonly name: IconName }) {
  const isFilled = name === "play" || name === "stop";
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" fill={isFilled ? "currentColor" : "none"}
      stroke={isFilled ? "none" : "currentColor"} stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round">
      <path d={shapes[name]} />
    </svg>
  );
}
