using System.Text;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Outcomes;

/// <summary>
/// Decides what ended a run. A script writes its own exit status and its own result, so whoever the script
/// cannot speak for is asked first: the server's own kill, then the kernel's out-of-memory counter, then the
/// result message, then the exit status. A zygote that fell silent without any of them is our fault.
/// </summary>
public static class OutcomeClassifier
{
    /// <summary>Bytes of output kept for <see cref="Outcome.Logs"/>.</summary>
    public const int LogLimit = 64 << 10;

    /// <summary>The outcome, its wall time and start still to be filled in.</summary>
    /// <param name="report">What was read.</param>
    /// <param name="kill">Why the server killed the sandbox; null: it did not.</param>
    /// <param name="spent">What the kernel has counted since the run began.</param>
    /// <param name="exit">How the sandbox died; null: it lives.</param>
    public static Outcome Classify(RunReport report, KillReason? kill, KernelCounters spent, SandboxExit? exit)
    {
        var own = kill ?? (report.OverLimit is null ? null : new KillReason(Reason.OutputLimit, report.OverLimit));
        var outcome = own is not null ? new Outcome(own.Reason) { Detail = own.Detail }
            : spent.OomKills > 0 ? new Outcome(Reason.Oom) { Detail = "The script needed more memory than its sandbox may have." }
            : report.Script ?? Outcome.Broken(Broken(report, exit));
        return outcome with
        {
            Usage = report.Script?.Usage ?? new Usage(TimeSpan.Zero, spent.Cpu, spent.PeakMemoryBytes),
            Logs = outcome.Reason == Reason.Ok ? "" : Text(report.Logs),
        };
    }

    private static string Broken(RunReport report, SandboxExit? exit)
    {
        var what = report.Fault ?? "the runtime fell silent";
        return ScriptOutcome.OneLine(exit is null
            ? $"The sandbox broke: {what}."
            : $"The sandbox broke: {what} (status {exit.ExitCode}). {exit.Stderr}");
    }

    // The end of a text may begin within a character: its other bytes are gone, so these go, too.
    private static string Text(ByteTail logs)
    {
        var bytes = logs.Read().Span;
        for (var cut = 0; logs.IsPartial && cut < 3 && !bytes.IsEmpty && (bytes[0] & 0xC0) == 0x80; cut++)
        {
            bytes = bytes[1..];
        }

        return Encoding.UTF8.GetString(bytes);
    }
}
