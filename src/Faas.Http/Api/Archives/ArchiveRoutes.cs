using Faas.Actors.Archives;
using Faas.Http.Access;
using Faas.Http.Api.Description;

namespace Faas.Http.Api.Archives;

/// <summary>The routes by which all scripts leave and enter a server. docs/moving.md explains them to clients.</summary>
public static class ArchiveRoutes
{
    private const string Tag = "archives";

    private const string Example =
        """
        {"dryRun": false, "taken": [{"path": "math/add", "versions": 3}], "there": ["jobs/nightly"],
         "refused": [{"path": "old", "why": "The version 1739000000 of the script \"old\" has other code here."}], "leftOut": []}
        """;

    private static readonly string[] s_reads = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] s_flags = ["true", "false"];

    /// <summary>Adds them.</summary>
    public static void MapArchives(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/api/v1/export", s_reads, ArchiveEndpoints.ExportAsync).Needs(Scopes.Admin)
            .WithName("exportScripts").WithSummary("writes all scripts into an archive").WithTags(Tag)
            .Takes(new RequestParameter(ExportQuery.PrefixName, ParameterPlace.Query, "What the paths of the scripts begin with."))
            .Answers(null, ArchiveForm.MediaType).Fails(503);
        routes.MapPost("/api/v1/import", ArchiveEndpoints.ImportAsync).Needs(Scopes.Admin)
            .WithName("importScripts").WithSummary("takes the scripts of an archive").WithTags(Tag)
            .Takes(
                new RequestParameter(
                    ImportQuery.OntoName, ParameterPlace.Query, "The path below which the scripts are put. Without it they keep theirs."),
                Flag(ImportQuery.DryRunName, "Whether nothing is stored, and only the answer is wanted."),
                Flag(ImportQuery.SkipBrokenName, "Whether versions whose code cannot be taken are left out of their scripts."))
            .Takes(new RequestContent(null, ArchiveForm.MediaType))
            .Fails(503).ReplyExample(Example);
    }

    private static RequestParameter Flag(string name, string description) =>
        new(name, ParameterPlace.Query, description) { Values = s_flags };
}
