using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Faas.Client;

/// <summary>
/// What the author of a version says about its runs (docs/settings.md). A member that is null leaves the matter to the server's operator.
/// </summary>
public sealed record ScriptSettings
{
    /// <summary>What the runs share: <c>sandbox</c>, <c>process</c> or <c>shared</c>.</summary>
    public string? Isolation { get; init; }

    /// <summary>How many runs one <c>shared</c> process serves at once.</summary>
    public int? Concurrency { get; init; }

    /// <summary>How many sandboxes stay warm for the version.</summary>
    public int? MinWarm { get; init; }

    /// <summary>The function that answers.</summary>
    public string? Handler { get; init; }

    /// <summary>Whether the script answers HTTP requests without a key.</summary>
    public bool? Public { get; init; }

    /// <summary>How long a run may take, by the clock.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Timeout { get; init; }

    /// <summary>When an asynchronous run that has failed is started again; null: never.</summary>
    public RetryPolicy? Retry { get; init; }

    /// <summary>The memory of a sandbox, in bytes.</summary>
    [JsonPropertyName("memory")]
    public long? MemoryBytes { get; init; }

    /// <summary>The processors of a sandbox, perhaps a fraction.</summary>
    public double? Cpus { get; init; }

    /// <summary>The processes and threads of a sandbox.</summary>
    public int? Pids { get; init; }

    /// <summary>The size of <c>/tmp</c>, in bytes.</summary>
    [JsonPropertyName("tmpSize")]
    public long? TmpBytes { get; init; }

    /// <summary>The image of the server whose libraries the sandboxes have.</summary>
    public string? Image { get; init; }

    /// <summary>The environment variables of the runs.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    /// <summary>The names of the secrets that the runs get.</summary>
    public IReadOnlyList<string>? Secrets { get; init; }

    /// <summary>
    /// The secrets of which the runs get placeholders, and the hosts to which each is bound: the server puts the value into requests to
    /// these hosts alone.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Sealed { get; init; }

    /// <summary>Whether the secrets are environment variables, too.</summary>
    public bool? SecretsInEnv { get; init; }

    /// <summary>The hosts that the runs may reach.</summary>
    public NetworkSetting? Network { get; init; }

    /// <summary>The libraries beside those that the source declares, as the language's installer names them.</summary>
    public IReadOnlyList<string>? Dependencies { get; init; }

    /// <summary>Whether records of the runs are kept where the call does not say it (docs/asynchronous.md).</summary>
    public bool? Keep { get; init; }

    /// <summary>How many records of the script's kept runs are kept, and for how long.</summary>
    public RunRetention? Retention { get; init; }

    /// <summary>What the script does, for people and for models.</summary>
    public string? Description { get; init; }

    /// <summary>What the author sorts versions by.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Whether the script is a tool for models.</summary>
    public bool? Tool { get; init; }

    /// <summary>What the input of the tool is, as a JSON schema.</summary>
    public JsonObject? InputSchema { get; init; }

    /// <summary>As the server writes it: a JSON object of what is said.</summary>
    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, ClientJson.Default.ScriptSettings)!.AsObject();
}

/// <summary>When an asynchronous run that has failed is started again (docs/asynchronous.md).</summary>
/// <param name="Attempts">How often a run is started at most, 2 to 10, the first time included.</param>
public sealed record RetryPolicy(int Attempts)
{
    /// <summary>The reasons after which a run is started again, such as <c>timeout</c>; null: all that another attempt may mend.</summary>
    public IReadOnlyList<string>? On { get; init; }

    /// <summary>The most that the second attempt waits, up to 24 hours; doubles with each. Null: a second.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Delay { get; init; }

    /// <summary>The most that any attempt waits, up to 24 hours; null: five minutes.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? MaxDelay { get; init; }
}

/// <summary>What the runs of a version may reach outside of their sandbox.</summary>
/// <param name="Allow">
/// Hosts, each with a port or for the ports 80 and 443: <c>api.example.com:443</c>, <c>*.example.org</c> (docs/network.md).
/// </param>
public sealed record NetworkSetting(IReadOnlyList<string> Allow);

/// <summary>How many records of a script's kept runs are kept, within the server's own bounds. At least one of the two is said.</summary>
/// <param name="Count">How many records of ended runs, 1 to 1000000.</param>
/// <param name="Age">For how long after their ends, 1 s to a year.</param>
public sealed record RunRetention(
    int? Count = null, [property: JsonConverter(typeof(SecondsConverter))] TimeSpan? Age = null);

/// <summary>A duration as a number of seconds, as the server writes it.</summary>
public sealed class SecondsConverter : JsonConverter<TimeSpan>
{
    /// <inheritdoc/>
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TimeSpan.FromSeconds(reader.GetDouble());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.TotalSeconds);
}
