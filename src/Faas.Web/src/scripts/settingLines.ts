// The settings of a version as people read them (docs/settings.md).

import { bytes, count, duration } from "../charts/units.ts";

export interface SettingLine {
  readonly name: string;
  readonly text: string;
}

/** The settings that the upload gave, in the order of the documentation; `secrets` and `description` have places of their own. */
export function settingLines(settings: Readonly<Record<string, unknown>>): SettingLine[] {
  const known = ORDER.filter((name) => settings[name] !== undefined).map((name) => ({ name, text: textOf(name, settings[name]) }));
  const others = Object.keys(settings)
    .filter((name) => !ORDER.includes(name) && !ELSEWHERE.includes(name))
    .map((name) => ({ name, text: JSON.stringify(settings[name]) }));
  return [...known, ...others];
}

/** The names of the secrets that a version lists or has sealed. */
export function secretNames(settings: Readonly<Record<string, unknown>>): string[] {
  const listed = Array.isArray(settings["secrets"]) ? settings["secrets"].map(String) : [];
  return [...listed, ...Object.keys((settings["sealed"] as Record<string, unknown> | undefined) ?? {})];
}

/** Whether a secret is for a script: it has no paths, or the script is under one of them. */
export function isFor(paths: readonly string[], script: string): boolean {
  return paths.length === 0 || paths.some((path) => script === path || script.startsWith(`${path.replace(/\/$/, "")}/`));
}

const ELSEWHERE = ["secrets", "description"];
const ORDER = [
  "isolation",
  "concurrency",
  "minWarm",
  "handler",
  "public",
  "timeout",
  "retry",
  "memory",
  "cpus",
  "pids",
  "tmpSize",
  "image",
  "env",
  "sealed",
  "secretsInEnv",
  "network",
  "dependencies",
  "tool",
  "inputSchema",
  "labels",
];

interface Retry {
  readonly attempts: number;
  readonly on?: readonly string[];
  readonly delay?: number;
  readonly maxDelay?: number;
}

function retryOf(retry: Retry): string {
  const on = retry.on === undefined ? "" : ` on ${retry.on.join(", ")}`;
  const delay = retry.delay === undefined ? "" : `, delay ${duration(retry.delay)}`;
  const most = retry.maxDelay === undefined ? "" : `, at most ${duration(retry.maxDelay)}`;
  return `${count(retry.attempts)} attempts${on}${delay}${most}`;
}

function textOf(name: string, value: unknown): string {
  switch (name) {
    case "timeout":
      return duration(Number(value));
    case "memory":
    case "tmpSize":
      return bytes(Number(value));
    case "minWarm":
    case "concurrency":
    case "pids":
      return count(Number(value));
    case "public":
    case "tool":
    case "secretsInEnv":
      return value === true ? "yes" : "no";
    case "env":
    case "labels":
      return Object.entries(value as Record<string, string>)
        .map(([key, text]) => `${key}=${text}`)
        .join("\n");
    case "sealed":
      return Object.entries(value as Record<string, string[]>)
        .map(([key, hosts]) => `${key} for ${hosts.join(", ")}`)
        .join("\n");
    case "network":
      return (value as { allow: string[] }).allow.join("\n");
    case "retry":
      return retryOf(value as Retry);
    case "inputSchema":
      return JSON.stringify(value, null, 2);
    default:
      return String(value);
  }
}
