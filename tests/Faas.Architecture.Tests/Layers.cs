namespace Faas.Architecture.Tests;

/// <summary>
/// The rooms and what each may refer to, lowest first. A room that is not named here is refused, so a new one has to be given
/// its place. Source: src/Faas.Actors/README.md, docs/architecture.md.
/// </summary>
internal static class Layers
{
    private static readonly Dictionary<string, string[]> s_rooms = new()
    {
        ["Faas.Actors.Linux"] = [],
        ["Faas.Actors.Json"] = [],
        ["Faas.Actors.Configuration"] = ["Json"],
        ["Faas.Actors.Threads"] = [],
        ["Faas.Actors.Hosts"] = [],
        ["Faas.Actors.Lending"] = [],
        ["Faas.Actors.Durable"] = ["Lending"],
        ["Faas.Actors.Cluster"] = ["Linux", "Json", "Configuration"],
        ["Faas.Actors.Keys"] = ["Lending", "Durable", "Hosts"],
        ["Faas.Actors.Scripts"] = ["Json", "Configuration", "Threads", "Hosts", "Lending"],
        ["Faas.Actors.Archives"] = ["Json", "Hosts", "Scripts"],
        ["Faas.Actors.Secrets"] = ["Lending", "Durable", "Linux", "Configuration"],
        ["Faas.Actors.Libraries"] = ["Json", "Configuration", "Scripts"],
        ["Faas.Actors.Runs"] = ["Json", "Configuration", "Threads", "Hosts", "Scripts"],
        ["Faas.Actors.Schedules"] = ["Json", "Configuration", "Scripts", "Runs"],
        ["Faas.Actors.Telemetry"] = ["Json", "Scripts", "Runs"],
        ["Faas.Actors.Egress"] = ["Linux", "Json", "Configuration", "Hosts", "Telemetry"],
        ["Faas.Actors.Callbacks"] = ["Json", "Configuration", "Hosts", "Runs", "Egress"],
        ["Faas.Actors.Sandboxes"] = ["Linux", "Json", "Configuration", "Hosts", "Scripts", "Runs", "Telemetry", "Egress", "Libraries"],
        ["Faas.Actors.Pool"] = ["Linux", "Configuration", "Scripts", "Runs", "Telemetry", "Sandboxes"],
        ["Faas.Actors.UseCases"] =
            [
            "Json", "Hosts", "Lending", "Keys", "Scripts", "Secrets", "Archives", "Libraries", "Runs", "Schedules", "Telemetry",
            "Callbacks", "Sandboxes", "Pool",
        ],
        ["Faas.Actors.Placement"] = ["Scripts", "Runs", "Pool"],
        ["Faas.Actors.Forwarding"] = ["Cluster", "Json", "Hosts", "Threads", "Scripts", "Runs", "Pool", "Placement", "UseCases"],
        ["Faas.Actors.Storage"] = ["Linux", "Json", "Configuration", "Lending", "Scripts", "Runs", "Schedules", "Telemetry"],
        ["Faas.Actors.Sharding"] = ["Cluster", "Lending", "Durable", "Keys", "Secrets", "Scripts", "Storage"],
        ["Faas.Actors.Serialization"] = ["Json", "Hosts", "Lending", "Keys", "Scripts", "Secrets", "Sandboxes", "Pool"],
        ["Faas.Http.Wire"] = ["Json", "Scripts", "Runs", "Telemetry", "UseCases", "Faas.Http.Lifecycle", "Faas.Http.Configuration"],
        ["Faas.Http.Access"] = ["Configuration", "Json", "Hosts", "Lending", "Keys", "Scripts", "Faas.Http.Wire"],
        ["Faas.Http.Configuration"] =
            [
            "Configuration", "Json", "Cluster", "Libraries", "Scripts", "Runs", "Schedules", "Secrets", "Egress", "Callbacks", "Sandboxes",
            "Pool", "Storage", "Faas.Http.Access",
        ],
        ["Faas.Http.Lifecycle"] = ["Configuration", "Cluster", "Runs", "Pool", "UseCases", "Faas.Http.Configuration"],
        ["Faas.Http.Api"] =
        [
            "Json", "Configuration", "Cluster", "Hosts", "Lending", "Keys", "Scripts", "Secrets", "Archives", "Runs", "Schedules",
            "Callbacks", "Pool", "Placement", "UseCases", "Faas.Http.Access", "Faas.Http.Configuration", "Faas.Http.Lifecycle", "Faas.Http.Server",
            "Faas.Http.Wire",
        ],
        ["Faas.Http.Server"] =
        [
            "Linux", "Json", "Configuration", "Cluster", "Hosts", "Keys", "Libraries", "Scripts", "Secrets", "Runs", "Schedules", "Telemetry",
            "Egress", "Callbacks", "Sandboxes", "Pool", "Placement", "UseCases", "Storage", "Sharding", "Lending", "Forwarding", "Serialization",
            "Faas.Http.Access", "Faas.Http.Api", "Faas.Http.Configuration", "Faas.Http.Lifecycle", "Faas.Http.Wire",
        ],
    };

    /// <summary>Each reference that goes against the layers, one line each.</summary>
    public static IReadOnlyList<string> Broken(IReadOnlyDictionary<(string From, string To), string> references) =>
    [
        .. references
            .Where(reference => !Allows(reference.Key.From, reference.Key.To))
            .Select(reference => $"{reference.Key.From} refers to {reference.Key.To} ({reference.Value})"),
    ];

    private static bool Allows(string from, string to)
    {
        var (fromRoom, toRoom) = (RoomOf(from), RoomOf(to));
        return fromRoom is not null && toRoom is not null
            && (fromRoom == toRoom || s_rooms[fromRoom].Any(name => toRoom == name || toRoom == $"Faas.Actors.{name}"));
    }

    private static string? RoomOf(string name) =>
        s_rooms.Keys.FirstOrDefault(room => name == room || name.StartsWith($"{room}.", StringComparison.Ordinal));
}
