import "../playground/playground.css";
import { useMemo, useState } from "preact/hooks";
import { sentenceOf } from "../api/problem.ts";
import { useRead } from "../api/useRead.ts";
import { Button } from "../controls/Button.tsx";
import { Icon } from "../controls/Icon.tsx";
import { Empty, Failed, Loading } from "../controls/States.tsx";
import { toast } from "../controls/toasts.ts";
import { Json } from "../playground/json.ts";
import { Result } from "../playground/Result.tsx";
import { addressOfRun } from "../runs/keptRun.ts";
import { useCommands } from "../shell/commands.ts";
import { go } from "../shell/navigation.ts";
import type { ScheduleState } from "./schedule.ts";
import { enable, isMissing, readSchedule, runNow } from "./scheduleCalls.ts";
import { DeleteSchedule } from "./DeleteSchedule.tsx";
import { ScheduleDialog } from "./ScheduleDialog.tsx";
import { ScheduleFacts } from "./ScheduleFacts.tsx";

/** How often a schedule is read anew, in milliseconds. */
const interval = 5000;

const toWrite = ["write", "invoke"] as const;

interface Props {
  readonly name: string;
  /** The list of schedules is no longer right. */
  readonly onChanged: () => void;
}

/** One schedule: what it runs when, what became of it, and what may be done with it. */
export function ScheduleDetails({ name, onChanged }: Props) {
  const read = useRead((signal) => readSchedule(name, signal), [name], interval);
  return (
    <aside class="schedule" aria-label={`Schedule ${name}`}>
      <div class="card-head">
        <h2 class="grow mono ellipsis" title={name}>
          {name}
        </h2>
        <Button kind="plain" icon={<Icon name="close" />} label="Close the details" onClick={() => go("/schedules")} />
      </div>
      {read.value ? (
        <KnownSchedule
          state={read.value}
          onChanged={() => {
            read.again();
            onChanged();
          }}
          onGone={() => {
            onChanged();
            go("/schedules");
          }}
        />
      ) : isMissing(read.error) ? (
        <Empty title="There is no such schedule">No schedule has the name {name}. It may have been deleted.</Empty>
      ) : read.error !== undefined ? (
        <Failed title="The schedule could not be read" error={read.error} onRetry={read.again} />
      ) : (
        <Loading what="the schedule" />
      )}
    </aside>
  );
}

interface KnownProps {
  readonly state: ScheduleState;
  readonly onChanged: () => void;
  readonly onGone: () => void;
}

function KnownSchedule({ state, onChanged, onGone }: KnownProps) {
  const { schedule, json } = state;
  const { name, enabled } = schedule;
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  const attempt = async (what: () => Promise<void>) => {
    try {
      await what();
    } catch (error) {
      toast(`Nothing was changed. ${sentenceOf(error)}`, "bad");
    }

    onChanged();
  };
  const pause = () =>
    attempt(async () => {
      await enable(name, !enabled);
      toast(enabled ? `${name} is paused: it starts no run.` : `${name} goes on with its next instant.`);
    });
  const run = () =>
    attempt(async () => {
      go(addressOfRun(await runNow(name)));
      toast(`A run of ${name} begins now.`);
    });
  useCommands(
    () => [
      { id: "schedule-run", title: "Run the schedule now", group: name, needs: toWrite, run: () => void run() },
      {
        id: "schedule-pause", title: enabled ? "Pause the schedule" : "Resume the schedule", group: name, needs: toWrite,
        run: () => void pause(),
      },
      { id: "schedule-edit", title: "Edit the schedule", group: name, needs: toWrite, run: () => setOpen("edit") },
      { id: "schedule-delete", title: "Delete the schedule", group: name, needs: "write", run: () => setOpen("delete") },
    ],
    [name, enabled],
  );

  // The schedule is read again and again: the same text is the same value, and what was opened of it stays open.
  const text = json.find("input")?.text ?? "{}";
  const input = useMemo(() => ({ json: new Json(text), type: "json" }), [text]);
  return (
    <>
      <div class="schedule-actions">
        {enabled ? <span class="badge badge-good">on</span> : <span class="badge badge-warn">paused</span>}
        <span class="grow" />
        <Button needs={toWrite} onClick={() => void run()}>
          Run now
        </Button>
        <Button needs={toWrite} onClick={() => void pause()}>
          {enabled ? "Pause" : "Resume"}
        </Button>
        <Button needs={toWrite} onClick={() => setOpen("edit")}>
          Edit
        </Button>
        <Button kind="danger" needs="write" icon={<Icon name="trash" />} onClick={() => setOpen("delete")}>
          Delete
        </Button>
      </div>
      <ScheduleFacts schedule={schedule} />
      <div class="schedule-input">
        <Result title="Input" value={input} hint={undefined} />
      </div>
      {open === "edit" && (
        <ScheduleDialog
          state={state}
          onClose={() => setOpen(null)}
          onDone={() => {
            setOpen(null);
            onChanged();
          }}
        />
      )}
      {open === "delete" && <DeleteSchedule state={state} onClose={() => setOpen(null)} onDone={onGone} onStale={onChanged} />}
    </>
  );
}
