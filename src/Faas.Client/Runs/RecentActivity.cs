namespace Faas.Client;

/// <summary>How often scripts ran in the last minutes (docs/runs.md).</summary>
/// <param name="From">When the first of these minutes began.</param>
/// <param name="Buckets">How many minutes; the last one is the present minute.</param>
/// <param name="Scripts">The scripts with runs in this time, those with the most first.</param>
public sealed record RecentActivity(DateTimeOffset From, int Buckets, IReadOnlyList<ScriptActivity> Scripts);

/// <summary>How often one script ran.</summary>
/// <param name="Path">The script, or <c>/run-now</c>.</param>
/// <param name="Runs">How many runs have ended.</param>
/// <param name="Failed">How many of them not well.</param>
/// <param name="P50Seconds">Within how long half of those that had a sandbox were over, from the call on; 0: there were none.</param>
/// <param name="P95Seconds">The same of 95 of 100.</param>
public sealed record ScriptActivity(string Path, long Runs, long Failed, double P50Seconds, double P95Seconds);
