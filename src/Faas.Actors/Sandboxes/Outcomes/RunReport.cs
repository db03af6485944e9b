using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;

namespace Faas.Actors.Sandboxes.Outcomes;

/// <summary>Everything that was read from a zygote during one run.</summary>
/// <param name="Script">What the script did; null: no END frame came.</param>
/// <param name="OverLimit">The limit that the output or the result passed, in one line; null: none.</param>
/// <param name="Fault">What the zygote did wrong, in one line; null: nothing.</param>
/// <param name="Logs">The end of stdout and stderr together, in the order read.</param>
/// <param name="Last">The zygote takes no further run.</param>
/// <param name="WithLogs">The caller wants the logs of a success, too.</param>
public sealed record RunReport(Outcome? Script, string? OverLimit, string? Fault, ByteTail Logs, bool Last = false, bool WithLogs = false);
