using Faas.Http.Access;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Description;
using Faas.Http.Wire;

namespace Faas.Http.Api.Scripts;

/// <summary>The routes that store scripts and manage them. docs/management.md explains them to clients.</summary>
public static class ScriptRoutes
{
    private const string Scripts = "/api/v1/scripts";
    private const string Script = $"{Scripts}/{{path}}";
    private const string Alias = $"{Script}/aliases/{{{AliasOfUrl.Segment}}}";
    private const string Version = $"{Script}/versions/{{{VersionOfUrl.Segment}}}";
    private const string ETag = "ETag";
    private static readonly string[] s_reads = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds them.</summary>
    public static void MapScripts(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/upload", UploadEndpoint.HandleAsync).Needs(Scopes.Write)
            .WithName("uploadScript").WithSummary("stores a new version of a script").WithTags("scripts")
            .Fails(409, 422, 429, 503, 504).Sends(CallHeaders.ScriptVersion, CallHeaders.Start, CallHeaders.Duration)
            .RequestExample(ScriptExamples.Upload).ReplyExample(ScriptExamples.Uploaded);
        MapReads(routes);
        MapChanges(routes);
        MapAliases(routes);
    }

    private static void MapReads(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Scripts, s_reads, ReadEndpoints.ListAsync).Needs(Scopes.Read)
            .WithName("listScripts").WithSummary("lists the scripts").Fails(503).ReplyExample(ScriptExamples.Scripts);
        routes.MapMethods(Script, s_reads, ReadEndpoints.DescribeAsync).Needs(Scopes.Read)
            .WithName("getScript").WithSummary("tells what a script is").Fails(404, 503).ReplyExample(ScriptExamples.Script);
        routes.MapMethods($"{Script}/versions", s_reads, ReadEndpoints.VersionsAsync).Needs(Scopes.Read)
            .WithName("listVersions").WithSummary("lists a script's versions").Fails(404, 503).ReplyExample(ScriptExamples.Versions);
        routes.MapMethods(Version, s_reads, ReadEndpoints.VersionAsync).Needs(Scopes.Read)
            .WithName("getVersion").WithSummary("tells what a version is")
            .Fails(404, 409, 503).Sends(CallHeaders.ScriptVersion).ReplyExample(ScriptExamples.Version);
        routes.MapMethods($"{Version}/code", s_reads, ReadEndpoints.CodeAsync).Needs(Scopes.Read)
            .WithName("getCode").WithSummary("gives a version's code")
            .Fails(404, 409, 503).Sends(CallHeaders.ScriptVersion).ReplyExample(ScriptExamples.Code);
        routes.MapMethods($"{Version}/sources", s_reads, ReadEndpoints.SourcesAsync).Needs(Scopes.Read)
            .WithName("getSources").WithSummary("gives a version's source files")
            .Fails(404, 409, 503).Sends(CallHeaders.ScriptVersion).ReplyExample(ScriptExamples.Sources);
        routes.MapMethods($"{Script}/diff", s_reads, ReadEndpoints.DiffAsync).Needs(Scopes.Read)
            .WithName("compareVersions").WithSummary("compares the code of two versions")
            .Fails(404, 409, 503).ReplyExample(ScriptExamples.Diff);
    }

    private static void MapChanges(IEndpointRouteBuilder routes)
    {
        routes.MapPatch(Script, ChangeEndpoints.ChangeAsync).Needs(Scopes.Write)
            .WithName("changeScript").WithSummary("enables a script, or says which versions are kept")
            .Fails(404, 503).RequestExample(ScriptExamples.Change).ReplyExample(ScriptExamples.Script);
        routes.MapDelete(Script, ChangeEndpoints.DeleteAsync).TakesNoQuery().Needs(Scopes.Write)
            .WithName("deleteScript").WithSummary("deletes a script").Fails(404, 503);
        routes.MapDelete(Version, ChangeEndpoints.DeleteVersionAsync).TakesNoQuery().Needs(Scopes.Write)
            .WithName("deleteVersion").WithSummary("deletes a version").Fails(404, 409, 503);
        routes.MapPost($"{Version}/restore", RestoreEndpoint.HandleAsync).Needs(Scopes.Write)
            .WithName("restoreVersion").WithSummary("makes an earlier version the latest under a new number")
            .Fails(404, 409, 503).Sends(CallHeaders.ScriptVersion).ReplyExample(ScriptExamples.Uploaded);
    }

    private static void MapAliases(IEndpointRouteBuilder routes)
    {
        routes.MapMethods($"{Script}/aliases", s_reads, AliasEndpoints.ListAsync).Needs(Scopes.Read)
            .WithName("listAliases").WithSummary("lists a script's aliases").Fails(404, 503).ReplyExample(ScriptExamples.Aliases);
        routes.MapMethods(Alias, s_reads, AliasEndpoints.FindAsync).Needs(Scopes.Read)
            .WithName("getAlias").WithSummary("tells what an alias names")
            .Produces<AliasReply>().Produces(304).Fails(404, 503).Sends(ETag).ReplyExample(ScriptExamples.Alias);
        routes.MapPut(Alias, AliasEndpoints.MoveAsync).Needs(Scopes.Write)
            .WithName("moveAlias").WithSummary("moves an alias")
            .Produces<AliasReply>().Produces<AliasReply>(201).Fails(404, 409, 412, 503).Sends(ETag)
            .RequestExample(ScriptExamples.Split)
            .ReplyExample(ScriptExamples.Alias).ReplyExample(ScriptExamples.Alias, StatusCodes.Status201Created);
        routes.MapDelete(Alias, AliasEndpoints.DeleteAsync).TakesNoQuery().Needs(Scopes.Write)
            .WithName("deleteAlias").WithSummary("deletes an alias").Fails(404, 412, 503);
        routes.MapPost($"{Alias}/rollback", AliasEndpoints.RollBackAsync).Needs(Scopes.Write)
            .WithName("rollBackAlias").WithSummary("moves an alias back")
            .Fails(404, 409, 412, 503).Sends(ETag).ReplyExample(ScriptExamples.Alias);
    }
}
