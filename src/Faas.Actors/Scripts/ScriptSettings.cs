using System.Text.Json.Serialization;

namespace Faas.Actors.Scripts;

/// <summary>
/// What the author of a version says about its runs. A member that is null leaves the matter to the operator.
/// <para>
/// It is stored with each version, as a JSON object without the members that are null, so a member can be added without
/// a new stored form. A server that does not know a member refuses to read the version: to run it without the setting
/// could give it more than its author allowed.
/// </para>
/// </summary>
/// <param name="Isolation">What the version's runs share.</param>
/// <param name="Handler">The function that a run calls when the script's body has ended; null: one that is found by its name.</param>
/// <param name="Concurrency">How many runs one shared process serves at once; only with isolation <c>shared</c>.</param>
/// <param name="Public">Whether the script answers HTTP requests of every caller, also of those without a key.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ScriptSettings(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Isolation? Isolation = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Handler = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Concurrency = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Public = null)
{
    /// <summary>How long a run may take, by the wall clock.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? Timeout { get; init; }

    /// <summary>When its asynchronous runs are started again; null: never.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RetryPolicy? Retry { get; init; }

    /// <summary>The memory of its sandboxes, with everything in them, in bytes.</summary>
    [JsonPropertyName("memory")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? MemoryBytes { get; init; }

    /// <summary>The processors of its sandboxes, perhaps a fraction.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Cpus { get; init; }

    /// <summary>The processes and threads of its sandboxes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Pids { get; init; }

    /// <summary>The size of /tmp in its sandboxes, in bytes.</summary>
    [JsonPropertyName("tmpSize")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? TmpBytes { get; init; }

    /// <summary>The image of <c>faas.images</c> whose libraries its sandboxes have; null: they have those of the runtime alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Image { get; init; }

    /// <summary>The environment variables of its runs, beside those that every sandbox has.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NamedTexts? Env { get; init; }

    /// <summary>The secrets that its runs get.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SecretNames? Secrets { get; init; }

    /// <summary>The secrets of which its runs get placeholders, and the hosts that each is bound to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SealedSecrets? Sealed { get; init; }

    /// <summary>Whether its runs have the secrets as environment variables, too.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? SecretsInEnv { get; init; }

    /// <summary>The hosts that its runs may reach.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NetworkSetting? Network { get; init; }

    /// <summary>The libraries that it has beside those that its source declares.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dependencies? Dependencies { get; init; }

    /// <summary>How many sandboxes stay bound to it while it is the latest version.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MinWarm { get; init; }

    /// <summary>Whether records of its runs are kept where the call does not say it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Keep { get; init; }

    /// <summary>How many records of the script's kept runs are kept, and for how long.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RunRetention? Retention { get; init; }

    /// <summary>What it does, for people.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    /// <summary>What its author sorts versions by.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NamedTexts? Labels { get; init; }

    /// <summary>Whether the script is a tool of the Model Context Protocol while this is its latest version.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Tool { get; init; }

    /// <summary>What the input of the tool is; null: any object.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonSchema? InputSchema { get; init; }

    /// <summary>Whether any of them says how a run or its sandbox differs from what the operator says.</summary>
    [JsonIgnore]
    public bool ConcernRuns =>
        Timeout is not null || Env is not null || MemoryBytes is not null || Cpus is not null || Pids is not null || TmpBytes is not null
        || Secrets is not null || Sealed is not null || Network is not null || Image is not null;

    /// <summary>The author says nothing.</summary>
    public static ScriptSettings Default { get; } = new();
}
