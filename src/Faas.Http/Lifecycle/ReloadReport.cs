using Faas.Http.Configuration;

namespace Faas.Http.Lifecycle;

/// <summary>What a reload of the settings has brought.</summary>
/// <param name="Changed">What is in force from now on.</param>
/// <param name="AtNextStart">What is written otherwise than it is in force, and waits for the next start of the server.</param>
/// <param name="Notices">What the operator may not expect of the new settings on this machine.</param>
public sealed record ReloadReport(
    IReadOnlyList<SettingChange> Changed, IReadOnlyList<SettingChange> AtNextStart, IReadOnlyList<string> Notices)
{
    /// <summary>One line for the log.</summary>
    public override string ToString() =>
        $"{(Changed.Count == 0 ? "no value in force has changed" : $"in force now: {Listed(Changed)}")}"
        + $"{(AtNextStart.Count == 0 ? "" : $"; at the next start: {Listed(AtNextStart)}")}"
        + string.Concat(Notices.Select(notice => $"; {notice}"));

    private static string Listed(IEnumerable<SettingChange> changes) =>
        string.Join(", ", changes.Select(change => $"{change.Key} = {change.To} (was {change.From})"));
}
