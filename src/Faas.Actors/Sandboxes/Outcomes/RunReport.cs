using Faas.Actors.Runs;
using Faas.Actors.Runs.Output;

namespace Faas.Actors.Sandboxes.Outcomes;

/// <summary>All that was read from a zygote during one run.</summary>
/// <param name="Script">What the script did; null: the END frame never came.</param>
/// <param name="OverLimit">Which limit its output or result passed, in one line; null: none.</param>
/// <param name="Fault">What was wrong with the zygote, in one line; null: nothing.</param>
/// <param name="Logs">The end of its stdout and stderr in the order read.</param>
/// <param name="Last">The zygote takes no other run.</param>
public sealed record RunReport(Outcome? Script, string? OverLimit, string? Fault, ByteTail Logs, bool Last = false);
