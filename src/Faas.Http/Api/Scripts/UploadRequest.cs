using System.Reflection;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Trees;
using Faas.Actors.UseCases;
using Faas.Http.Api.Calls;
using Faas.Http.Configuration;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.Metadata;

namespace Faas.Http.Api.Scripts;

/// <summary>The body of <c>POST /upload</c>.</summary>
/// <param name="Path">The script.</param>
/// <param name="Language">What the code is written in.</param>
/// <param name="Code">The code.</param>
/// <param name="Settings">What the author says about the version's runs.</param>
/// <param name="Force">Whether code and settings of the latest version are to be a new version, too.</param>
/// <param name="DryRun">Whether nothing is to be stored.</param>
public sealed record UploadRequest(string Path, Language Language, string Code, ScriptSettings Settings, bool Force, bool DryRun)
    : IEndpointParameterMetadataProvider
{
    /// <summary>The files of a script of several files, whose entry has the text <see cref="Code"/>; null: it is all.</summary>
    public SourceTree? Tree { get; init; }

    /// <summary>Whether the log of an installation of libraries is wanted while it is written, as an event stream.</summary>
    public bool Stream { get; init; }

    /// <summary>Tells a route's description what it reads.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new CallContent("UploadRequest", CallMembers.Upload));

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static async ValueTask<UploadRequest> BindAsync(HttpContext context)
    {
        var limits = context.RequestServices.GetRequiredService<HttpOptions>();
        var call = await CallBody.ReadAsync(context.Request, CallMembers.Upload, limits);
        Check(context, call.Path, call.Settings);
        ImageMember.Check(call);
        return new UploadRequest(call.Path, call.Language, call.Code, call.Settings, call.Force, call.DryRun)
        {
            Tree = call.Tree,
            Stream = call.Stream,
        };
    }

    /// <summary>
    /// Checks settings beside each other, and that the server and the caller's key permit what they ask for. Throws
    /// <see cref="ProblemException"/>.
    /// </summary>
    internal static void Check(HttpContext context, string path, ScriptSettings asked)
    {
        CheckConcurrency(asked, context.RequestServices.GetRequiredService<UseCaseOptions>());
        CheckMinWarm(asked, context.RequestServices.GetRequiredService<UseCaseOptions>());
        NetworkMember.Check(context, asked.Network);
        SealedMember.Check(context, asked);
        CheckSecrets(path, asked, context.RequestServices.GetRequiredService<SecretSupply>());
        CheckTool(path, asked);
    }

    private static void CheckSecrets(string path, ScriptSettings asked, SecretSupply secrets)
    {
        var (listed, bound) = (asked.Secrets?.Names ?? [], asked.Sealed?.Entries.Select(entry => entry.Key).ToArray() ?? []);
        if (secrets.Check(path, listed) is { } wrong)
        {
            throw ProblemException.Malformed($"\"secrets\" lists {wrong}.");
        }

        if (secrets.Check(path, bound) is { } missing)
        {
            throw ProblemException.Malformed($"\"sealed\" names {missing}.");
        }

        if (asked.SecretsInEnv == true && listed.Count + bound.Length == 0)
        {
            throw ProblemException.Malformed("\"secretsInEnv\" is true, but \"secrets\" lists none, and \"sealed\" names none.");
        }

        if (asked is { SecretsInEnv: true, Env: { } env }
            && listed.Concat(bound).FirstOrDefault(name => env.Entries.Any(entry => entry.Key == name)) is { } twice)
        {
            throw ProblemException.Malformed($"\"{twice}\" is in \"env\" and, because of \"secretsInEnv\", a secret.");
        }
    }

    private static void CheckTool(string path, ScriptSettings asked)
    {
        if (asked.InputSchema is not null && asked.Tool is not true)
        {
            throw ProblemException.Malformed("\"inputSchema\" is for tools; it needs \"tool\": true.");
        }

        if (asked.Tool is true && ToolName.Check(path) is { } wrong)
        {
            throw ProblemException.Malformed($"\"tool\" is true, but the path {MemberValue.Quoted(path)} {wrong}.");
        }
    }

    private static void CheckMinWarm(ScriptSettings asked, UseCaseOptions options)
    {
        if (asked.MinWarm > 0 && options.IsolationOf(asked.Isolation) == Isolation.Sandbox)
        {
            throw ProblemException.Malformed(
                $"\"minWarm\" is {asked.MinWarm}; with isolation \"sandbox\", 0 is allowed, because no sandbox serves two runs.");
        }
    }

    private static void CheckConcurrency(ScriptSettings asked, UseCaseOptions options)
    {
        var isolation = options.IsolationOf(asked.Isolation);
        var most = options.MostConcurrency(isolation);
        if (asked.Concurrency > most)
        {
            throw ProblemException.Malformed(isolation != Isolation.Shared
                ? $"\"concurrency\" is {asked.Concurrency}; with isolation \"{isolation.ToWire()}\", 1 is allowed. More needs \"shared\"."
                : $"\"concurrency\" is {asked.Concurrency}; allowed are 1 to {most} (faas.scripts.max-concurrency).");
        }
    }
}
