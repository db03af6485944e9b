using System.Text;
using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Outcomes;

/// <summary>
/// Decides what ended a run.
///
/// Theory of operation: a script can forge its own exit status and its own result message. So the sources that it cannot forge
/// decide first: the server's own kill, then the kernel's count of out-of-memory kills, then the result message, then the exit
/// status. A zygote that ended without any of these is a fault of Faas: the reason is <c>sandbox</c>.
/// </summary>
public static class OutcomeClassifier
{
    /// <summary>The bytes of output that are kept for <see cref="Outcome.Logs"/>.</summary>
    public const int LogLimit = 64 << 10;

    private const string HeapErrorSignal = "SIGABRT";
    private const string FatalError = "FATAL ERROR: ";
    private const string OutOfMemory = "out of memory";

    /// <summary>
    /// The outcome, without <see cref="Outcome.Warmth"/> and <see cref="Usage.Elapsed"/>, which the sandbox's actor adds.
    /// </summary>
    /// <param name="report">What was read from the zygote.</param>
    /// <param name="kill">Why the server killed the sandbox; null: the server did not.</param>
    /// <param name="spent">What the kernel has counted since the run began.</param>
    /// <param name="exit">How the sandbox died; null: the sandbox lives.</param>
    public static Outcome Classify(RunReport report, KillReason? kill, KernelCounters spent, SandboxExit? exit)
    {
        var own = kill ?? (report.OverLimit is null ? null : new KillReason(Reason.OutputLimit, report.OverLimit));
        var outcome = own is not null ? new Outcome(own.Reason) { Detail = own.Detail }
            : spent.OomKills > 0 ? new Outcome(Reason.Oom) { Detail = "The script needed more memory than its sandbox may have." }
            : report.Script is { } script ? WithHeapError(script, report.Logs)
            : Outcome.Broken(Broken(report, exit));
        return outcome with
        {
            Usage = report.Script?.Usage ?? new Usage(TimeSpan.Zero, spent.Cpu, spent.PeakMemoryBytes),
            Logs = outcome.Reason == Reason.Ok && !report.WithLogs ? "" : Text(report.Logs),
        };
    }

    // V8 aborts the process when its own limit is reached, which lies below the sandbox's, so the kernel has killed nothing.
    private static Outcome WithHeapError(Outcome outcome, ByteTail logs) =>
        outcome.Signal == HeapErrorSignal && Text(logs) is var text && text.Contains(FatalError, StringComparison.Ordinal)
        && text.Contains(OutOfMemory, StringComparison.Ordinal)
        ? new Outcome(Reason.Oom) { Detail = "The script needed more memory than V8's heap may have in its sandbox." }
        : outcome;

    private static string Broken(RunReport report, SandboxExit? exit)
    {
        var what = report.Fault ?? "the runtime fell silent";
        return ScriptOutcome.OneLine(exit is null
            ? $"The sandbox broke: {what}."
            : $"The sandbox broke: {what} (status {exit.ExitCode}). {exit.Stderr}");
    }

    // The kept end of a text may begin within a character. The first bytes of that character are lost, so the others go too.
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
