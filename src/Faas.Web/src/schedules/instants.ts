import { moment } from "../charts/units.ts";

/** `2026-02-10 06:30:00` by the clock of a time zone; null: this browser does not know the zone. */
export function inZone(at: Date, timeZone: string): string | null {
  try {
    const parts = new Intl.DateTimeFormat("en-CA", {
      timeZone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
    }).formatToParts(at);
    const of = (type: string) => parts.find((part) => part.type === type)!.value;
    return `${of("year")}-${of("month")}-${of("day")} ${of("hour")}:${of("minute")}:${of("second")}`;
  } catch {
    return null; // a RangeError: the server's list of zones is longer
  }
}

/** An instant by the reader's clock, and by that of a time zone where it shows another time. */
export function instantText(at: Date, timeZone: string): string {
  const [here, there] = [moment(at), inZone(at, timeZone)];
  return there === null || there === here ? here : `${here} (${there} in ${timeZone})`;
}
