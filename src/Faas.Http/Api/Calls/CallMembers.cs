using System.Text.Json.Serialization;

namespace Faas.Http.Api.Calls;

/// <summary>The JSON members that a request's body may have; others are ignored.</summary>
[Flags]
public enum CallMembers : long
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>path</c>, a string.</summary>
    [JsonStringEnumMemberName("path")]
    Path = 1,

    /// <summary><c>language</c>, a string.</summary>
    [JsonStringEnumMemberName("language")]
    Language = 2,

    /// <summary><c>code</c>, a string.</summary>
    [JsonStringEnumMemberName("code")]
    Code = 4,

    /// <summary><c>input</c>, any value.</summary>
    [JsonStringEnumMemberName("input")]
    Input = 8,

    /// <summary><c>stream</c>, a boolean.</summary>
    [JsonStringEnumMemberName("stream")]
    Stream = 16,

    /// <summary><c>stats</c>, a boolean.</summary>
    [JsonStringEnumMemberName("stats")]
    Stats = 32,

    /// <summary><c>isolation</c>, a string.</summary>
    [JsonStringEnumMemberName("isolation")]
    Isolation = 64,

    /// <summary><c>handler</c>, a string.</summary>
    [JsonStringEnumMemberName("handler")]
    Handler = 128,

    /// <summary><c>concurrency</c>, an integer.</summary>
    [JsonStringEnumMemberName("concurrency")]
    Concurrency = 256,

    /// <summary><c>logs</c>, a boolean.</summary>
    [JsonStringEnumMemberName("logs")]
    Logs = 512,

    /// <summary><c>public</c>, a boolean.</summary>
    [JsonStringEnumMemberName("public")]
    Public = 1024,

    /// <summary><c>timeout</c>, a number of seconds or a text with a unit.</summary>
    [JsonStringEnumMemberName("timeout")]
    Timeout = 2048,

    /// <summary><c>env</c>, an object of strings.</summary>
    [JsonStringEnumMemberName("env")]
    Env = 4096,

    /// <summary><c>description</c>, a string.</summary>
    [JsonStringEnumMemberName("description")]
    Description = 8192,

    /// <summary><c>labels</c>, an object of strings.</summary>
    [JsonStringEnumMemberName("labels")]
    Labels = 16384,

    /// <summary><c>force</c>, a boolean.</summary>
    [JsonStringEnumMemberName("force")]
    Force = 1 << 20,

    /// <summary><c>secrets</c>, an array of strings.</summary>
    [JsonStringEnumMemberName("secrets")]
    Secrets = 1 << 21,

    /// <summary><c>secretsInEnv</c>, a boolean.</summary>
    [JsonStringEnumMemberName("secretsInEnv")]
    SecretsInEnv = 1 << 22,

    /// <summary><c>sealed</c>, an object of arrays of strings.</summary>
    [JsonStringEnumMemberName("sealed")]
    Sealed = 1L << 33,

    /// <summary><c>dependencies</c>, an array of strings.</summary>
    [JsonStringEnumMemberName("dependencies")]
    Dependencies = 1L << 32,

    /// <summary><c>memory</c>, a number of bytes or a text with a unit.</summary>
    [JsonStringEnumMemberName("memory")]
    Memory = 32768,

    /// <summary><c>cpus</c>, a number.</summary>
    [JsonStringEnumMemberName("cpus")]
    Cpus = 65536,

    /// <summary><c>pids</c>, an integer.</summary>
    [JsonStringEnumMemberName("pids")]
    Pids = 131072,

    /// <summary><c>tmpSize</c>, a number of bytes or a text with a unit.</summary>
    [JsonStringEnumMemberName("tmpSize")]
    TmpSize = 262144,

    /// <summary><c>minWarm</c>, an integer.</summary>
    [JsonStringEnumMemberName("minWarm")]
    MinWarm = 524288,

    /// <summary><c>tool</c>, a boolean.</summary>
    [JsonStringEnumMemberName("tool")]
    Tool = 1 << 24,

    /// <summary><c>inputSchema</c>, an object.</summary>
    [JsonStringEnumMemberName("inputSchema")]
    InputSchema = 1 << 25,

    /// <summary><c>dryRun</c>, a boolean.</summary>
    [JsonStringEnumMemberName("dryRun")]
    DryRun = 1 << 26,

    /// <summary><c>files</c>, an array of objects.</summary>
    [JsonStringEnumMemberName("files")]
    Files = 1 << 27,

    /// <summary><c>image</c>, a string.</summary>
    [JsonStringEnumMemberName("image")]
    Image = 1 << 30,

    /// <summary><c>priority</c>, an integer.</summary>
    [JsonStringEnumMemberName("priority")]
    Priority = 1L << 34,

    /// <summary><c>notBefore</c>, a time.</summary>
    [JsonStringEnumMemberName("notBefore")]
    NotBefore = 1L << 35,

    /// <summary><c>retention</c>, an object.</summary>
    [JsonStringEnumMemberName("retention")]
    Retention = 1L << 39,

    /// <summary><c>keep</c>, a boolean: of a call, and of a version whose calls do not say it.</summary>
    [JsonStringEnumMemberName("keep")]
    Keep = 1L << 36,

    /// <summary><c>retry</c>, an object.</summary>
    [JsonStringEnumMemberName("retry")]
    Retry = 1L << 37,

    /// <summary><c>then</c>, a string or an object.</summary>
    [JsonStringEnumMemberName("then")]
    Then = 1L << 38,

    /// <summary><c>callback</c>, a URL or an object.</summary>
    [JsonStringEnumMemberName("callback")]
    Callback = 1L << 40,

    /// <summary><c>network</c>, an object.</summary>
    [JsonStringEnumMemberName("network")]
    Network = 1 << 23,

    /// <summary><c>sources</c>, an array of objects.</summary>
    [JsonStringEnumMemberName("sources")]
    Sources = 1 << 28,

    /// <summary><c>entry</c>, a string.</summary>
    [JsonStringEnumMemberName("entry")]
    Entry = 1 << 29,

    /// <summary>A script of one text or of several files.</summary>
    Script = Language | Code | Sources | Entry,

    /// <summary>The settings that bound a run and its sandbox.</summary>
    Limits = Timeout | Memory | Cpus | Pids | TmpSize,

    /// <summary>What is a setting of a version (docs/settings.md).</summary>
    Settings = Isolation | Handler | Concurrency | MinWarm | Public | Limits | Env | Secrets | Sealed | SecretsInEnv | Network
        | Description | Labels | Tool | InputSchema | Image | Dependencies | Retry | Keep | Retention,

    /// <summary><c>POST /upload</c>.</summary>
    Upload = Path | Script | Settings | Force | DryRun | Stream,

    /// <summary><c>POST /run/{path}</c>.</summary>
    Run = Input | Files | Stream | Stats | Logs | Keep | Priority | NotBefore | Then | Callback,

    /// <summary><c>POST /run-now</c>.</summary>
    RunNow = Script | Dependencies | Handler | Limits | Env | Sealed | Network | Image | Input | Files | Stream | Stats | Logs,
}
