using System.Text.Json.Nodes;
using Faas.Actors.Json;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Scripts;
using Faas.Http.Api.Calls;
using Microsoft.OpenApi;

namespace Faas.Http.Api.OpenApi;

/// <summary>The schemas of bodies that <see cref="CallReader"/> reads: a property for each member that the route knows.</summary>
internal static class CallSchemas
{
    private static readonly CallMembers[] s_required = [CallMembers.Path, CallMembers.Language];

    /// <summary>The schema of a body with these members.</summary>
    public static OpenApiSchema Of(CallMembers members, OpenApiDocument document)
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>(),
            Required = new HashSet<string>(),
        };
        foreach (var name in WireNames.All<CallMembers>())
        {
            if (WireNames.TryParse<CallMembers>(name, out var member) && members.HasFlag(member))
            {
                schema.Properties[name] = PropertyOf(member, document);
                if (s_required.Contains(member))
                {
                    schema.Required.Add(name);
                }
            }
        }

        return schema;
    }

    private static IOpenApiSchema PropertyOf(CallMembers member, OpenApiDocument document) => member switch
    {
        CallMembers.Path => Text("The script, for example math/add.", "math/add"),
        CallMembers.Language => new OpenApiSchemaReference(nameof(Language), document),
        CallMembers.Code => Text("The code, a single text.", "return event.a + event.b"),
        CallMembers.Sources => new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Description = "The files of a script of several files, instead of code.",
            Items = FileOf("The file's name below the folder of all.", "lib/math.js", "export const add = (a, b) => a + b"),
        },
        CallMembers.Entry => Text(
            "Which of the sources runs. Left out: the one in the folder of all that is named main or index, or the only one.", "main.js"),
        CallMembers.Input => new OpenApiSchema
        {
            Description = "What the script gets as event and input: any JSON value. A string is parsed as JSON. Left out: an empty object.",
        },
        CallMembers.Files => new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Description = "Files that the script finds in /tmp/in. A script whose runs share a process gets none.",
            Items = FileOf("The file's name, without a folder.", "data.csv", "month,sales\njan,3\n"),
        },
        CallMembers.Stream => Flag("Whether the answer is an event stream."),
        CallMembers.Stats => Flag("Whether a JSON answer says what the run cost."),
        CallMembers.Logs => Flag("Whether a JSON answer has what a successful run printed."),
        CallMembers.Keep => Flag(
            "Whether the record of a run is kept; the answer's Location says where. An upload says it for the calls that do not. An "
            + "asynchronous run always is."),
        CallMembers.Retention => new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["count"] = Count("How many records of ended runs of the script.", 1),
                ["age"] = Measure("For how long after their ends: seconds, or a text with a unit.", "7d"),
            },
            Description = "How many records of the script's kept runs are kept, and for how long, within the server's own bounds.",
        },
        CallMembers.Priority => new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            Format = "int32",
            Minimum = $"{KeptCall.LeastPriority}",
            Maximum = $"{KeptCall.HighestPriority}",
            Description = "Of an asynchronous run: those of a script with the highest priority go first. Left out: 5.",
        },
        CallMembers.NotBefore => new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Format = "date-time",
            Description = "Of an asynchronous run: it does not start before this time.",
        },
        CallMembers.Then => new OpenApiSchema
        {
            Type = JsonSchemaType.String | JsonSchemaType.Object,
            Description = "Of an asynchronous run: what it hands on to when it has ended. A text, math/add or math/add@stable, is the "
                + "script that gets the value. An object has success, failure or both; each is such a text, or an object with path, "
                + "version and then.",
            Examples = [new JsonObject { ["success"] = "mail/send@stable", ["failure"] = "ops/alert" }],
        },
        CallMembers.Callback => new OpenApiSchema
        {
            Type = JsonSchemaType.Object | JsonSchemaType.String,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["url"] = Text("Where it is sent, to a host that the operator permits.", "https://example.com/done"),
                ["format"] = Word<CallbackFormat>("A CloudEvent with the record as its data, or the record alone; left out: the event."),
                ["on"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = Word<CallbackOutcome>("An end."),
                    Description = "The ends of which it tells; left out: every one.",
                },
            },
            Required = new HashSet<string> { "url" },
            Description = "Of a run whose record is kept: where a signed request is sent when it has ended. The URL alone, or more.",
        },
        CallMembers.Force => Flag("Whether code and settings of the latest version are to be a new version, too."),
        CallMembers.DryRun => Flag("Whether the upload is checked, and nothing is stored."),
        CallMembers.Isolation => new OpenApiSchemaReference(nameof(Isolation), document),
        CallMembers.Handler => Text("The function that a run calls when the script's body has ended.", "handler"),
        CallMembers.Concurrency => Count("How many runs one shared process serves at once; more than 1 only with isolation shared.", 1),
        CallMembers.MinWarm => Count("How many sandboxes stay bound to the version while it is the latest.", 0),
        CallMembers.Public => Flag("Whether the script answers HTTP requests of every caller, also of those without a key."),
        CallMembers.Timeout => Measure("How long a run may take: seconds, or a text with a unit.", "10s"),
        CallMembers.Retry => RetrySchema(),
        CallMembers.Memory => Measure("The memory of its sandboxes: bytes, or a text with a unit.", "128M"),
        CallMembers.TmpSize => Measure("The size of /tmp in its sandboxes: bytes, or a text with a unit.", "64M"),
        CallMembers.Cpus => new OpenApiSchema
        {
            Type = JsonSchemaType.Number,
            Description = "The processors of its sandboxes, perhaps a fraction.",
            Examples = [JsonValue.Create(0.5)],
        },
        CallMembers.Pids => Count("The processes and threads of its sandboxes.", 1),
        CallMembers.Secrets => new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Items = new OpenApiSchema { Type = JsonSchemaType.String },
            Description = "The names of the secrets that its runs get.",
        },
        CallMembers.Sealed => new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            AdditionalProperties = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema { Type = JsonSchemaType.String },
            },
            Description = "The secrets of which its runs get placeholders, and the hosts to which each is bound: "
                + "the server puts the value into requests to these hosts alone.",
            Examples = [new JsonObject { ["API_KEY"] = new JsonArray("api.example.com:80") }],
        },
        CallMembers.Dependencies => new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Items = new OpenApiSchema { Type = JsonSchemaType.String },
            Description = "The libraries of the script beside those that its source declares, as the language's installer names them.",
            Examples = [new JsonArray("lodash@^4")],
        },
        CallMembers.SecretsInEnv => Flag("Whether the secrets are environment variables of its runs, too."),
        CallMembers.Image => Text("The image of the server whose libraries its sandboxes have.", "python-data"),
        CallMembers.Network => new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["allow"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = new OpenApiSchema { Type = JsonSchemaType.String },
                    Description = "Hosts, each with a port or for the ports 80 and 443: api.example.com:443, *.example.org.",
                },
            },
            Required = new HashSet<string> { "allow" },
            Description = "What its runs may reach outside of their sandbox; left out: nothing.",
        },
        CallMembers.Env => Texts("Environment variables of its runs."),
        CallMembers.Labels => Texts("What its author sorts versions by."),
        CallMembers.Description => Text("What it does, for people.", "Adds two numbers."),
        CallMembers.Tool => Flag("Whether the script is a tool for models, at /mcp."),
        CallMembers.InputSchema => new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "A JSON schema of the tool's input, an object with type object.",
        },
        _ => throw new ArgumentOutOfRangeException(nameof(member), member, "The API's document does not describe this member of a body."),
    };

    private static OpenApiSchema RetrySchema() => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["attempts"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int32",
                Minimum = $"{RetryPolicy.FewestAttempts}",
                Maximum = $"{RetryPolicy.MostAttempts}",
                Description = "How often a run is started at most, the first time included.",
            },
            ["on"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Enum = [.. WireNames.All<RetryReason>().Select(name => (JsonNode)JsonValue.Create(name))],
                },
                Description = "The reasons after which a run is started again. Left out: all of these.",
            },
            ["delay"] = Measure("The most that the second attempt waits; doubles with each: seconds, or a text with a unit.", "1s"),
            ["maxDelay"] = Measure("The most that any attempt waits: seconds, or a text with a unit.", "5m"),
        },
        Required = new HashSet<string> { "attempts" },
        Description = "When an asynchronous run that has failed is started again; left out: never.",
    };

    private static OpenApiSchema FileOf(string described, string name, string text) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["name"] = Text(described, name),
            ["text"] = Text("Its content as text.", text),
            ["base64"] = Text("Its content in base64, instead of text.", "bW9udGgsc2FsZXMK"),
        },
        Required = new HashSet<string> { "name" },
    };

    private static OpenApiSchema Text(string description, string example) => new()
    {
        Type = JsonSchemaType.String, Description = description, Examples = [JsonValue.Create(example)],
    };

    private static OpenApiSchema Word<T>(string description)
        where T : struct, Enum => new()
        {
            Type = JsonSchemaType.String,
            Description = description,
            Enum = [.. WireNames.All<T>().Select(name => (JsonNode)JsonValue.Create(name))],
        };

    private static OpenApiSchema Flag(string description) => new() { Type = JsonSchemaType.Boolean, Description = description };

    private static OpenApiSchema Count(string description, int least) => new()
    {
        Type = JsonSchemaType.Integer, Format = "int32", Description = description, Minimum = $"{least}",
    };

    private static OpenApiSchema Measure(string description, string example) => new()
    {
        Type = JsonSchemaType.Number | JsonSchemaType.String, Description = description, Examples = [JsonValue.Create(example)],
    };

    private static OpenApiSchema Texts(string description) => new()
    {
        Type = JsonSchemaType.Object,
        AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String },
        Description = description,
    };
}
