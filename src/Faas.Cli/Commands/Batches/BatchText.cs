using Faas.Cli.Output;
using Faas.Client;

namespace Faas.Cli.Commands.Batches;

/// <summary>The record of a batch for a person.</summary>
internal static class BatchText
{
    /// <summary>Its line in a list.</summary>
    public static IReadOnlyList<string> Row(Batch batch) =>
        [batch.Id, batch.Path, batch.State, Ended(batch), Reasons(batch), Figures.Moment(batch.Received)];

    /// <summary>Its members that have a value.</summary>
    public static IEnumerable<(string Name, string Value)> Details(Batch batch) => new (string Name, string? Value)[]
    {
        ("batch", batch.Id),
        ("script", $"{batch.Path}@{batch.Version}{(batch.Alias is { } alias ? $" ({alias})" : "")}"),
        ("state", batch.State),
        ("queued", Figures.Count(batch.Queued)),
        ("running", Figures.Count(batch.Running)),
        ("ended", Ended(batch)),
        ("reasons", batch.Reasons.Count == 0 ? null : Reasons(batch)),
        ("key", batch.Key),
        ("priority", batch.Priority is { } priority ? Figures.Count(priority) : null),
        ("not before", MomentOf(batch.NotBefore)),
        ("received", MomentOf(batch.Received)),
        ("started", MomentOf(batch.StartedAt)),
        ("done", MomentOf(batch.EndedAt)),
    }.Where(member => member.Value is not null).Select(member => (member.Name, member.Value!));

    private static string Ended(Batch batch) => $"{Figures.Count(batch.Ended)} of {Figures.Count(batch.Count)}";

    private static string Reasons(Batch batch) =>
        string.Join(", ", batch.Reasons.OrderByDescending(one => one.Value).Select(one => $"{Figures.Count(one.Value)} {one.Key}"));

    private static string? MomentOf(DateTimeOffset? at) => at is { } time ? Figures.Moment(time) : null;
}
