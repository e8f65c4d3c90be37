// Civil days as "YYYY-MM-DD", and the boundaries of grains. The API refuses a span that does not lie on its grain's
// boundaries, so the filter bar moves what was picked to the nearest ones outwards before it asks.

const ms = 86_400_000;

export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}

const parts = (day: string) => day.split("-").map(Number) as [number, number, number];
const made = (year: number, month: number, day: number) => new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);

export function addDays(day: string, n: number): string {
  return new Date(new Date(`${day}T00:00:00Z`).getTime() + n * ms).toISOString().slice(0, 10);
}

// Days from one to the other; none where they are the same.
export function daysBetween(from: string, to: string): number {
  return Math.round((new Date(`${to}T00:00:00Z`).getTime() - new Date(`${from}T00:00:00Z`).getTime()) / ms);
}

// The same day of the month, n months on; clamped to the month's length.
export function addMonths(day: string, n: number): string {
  const [year, month, date] = parts(day);
  const last = new Date(Date.UTC(year, month - 1 + n + 1, 0)).getUTCDate();
  return made(year, month + n, Math.min(date, last));
}

// The first day of the period of `grain` that holds `day`. Grains counted from the question's start ("28d") have no
// boundaries of their own, so every day is one.
export function floorTo(grain: string, day: string): string {
  const [year, month] = parts(day);
  switch (grain) {
    case "week":
      return addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
    case "month":
      return made(year, month, 1);
    case "quarter":
      return made(year, month - ((month - 1) % 3), 1);
    case "year":
      return made(year, 1, 1);
    default:
      return day;
  }
}

// The first boundary at or after `day`.
export function ceilTo(grain: string, day: string): string {
  const floor = floorTo(grain, day);
  return floor === day ? day : next(grain, floor);
}

export function next(grain: string, boundary: string): string {
  switch (grain) {
    case "week":
      return addDays(boundary, 7);
    case "month":
      return addMonths(boundary, 1);
    case "quarter":
      return addMonths(boundary, 3);
    case "year":
      return addMonths(boundary, 12);
    default:
      return addDays(boundary, 1);
  }
}

// The civil day of an instant in a zone; as-of at midnight belongs to the day it ends, so `last` is the day before it.
export function dayIn(zone: string | null | undefined, instant: string): string {
  const write = (timeZone: string) =>
    new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(instant));
  try {
    return write(zone ?? "UTC");
  } catch {
    return write("UTC");
  }
}
