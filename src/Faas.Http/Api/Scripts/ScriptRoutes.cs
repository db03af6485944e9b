using Faas.Http.Access;

namespace Faas.Http.Api.Scripts;

/// <summary>The routes that store scripts and manage them. docs/management.md explains them to clients.</summary>
public static class ScriptRoutes
{
    private const string Scripts = "/api/v1/scripts";
    private const string Script = $"{Scripts}/{{path}}";
    private const string Alias = $"{Script}/aliases/{{{AliasOfUrl.Segment}}}";
    private const string Version = $"{Script}/versions/{{{VersionOfUrl.Segment}}}";
    private static readonly string[] s_reads = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds them.</summary>
    public static void MapScripts(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/upload", UploadEndpoint.HandleAsync).Needs(Scopes.Write).WithSummary("stores a new version of a script");
        routes.MapMethods(Scripts, s_reads, ReadEndpoints.ListAsync).Needs(Scopes.Read).WithSummary("lists the scripts");
        routes.MapMethods(Script, s_reads, ReadEndpoints.DescribeAsync).Needs(Scopes.Read).WithSummary("tells what a script is");
        routes.MapMethods($"{Script}/versions", s_reads, ReadEndpoints.VersionsAsync).Needs(Scopes.Read)
            .WithSummary("lists a script's versions");
        routes.MapMethods(Version, s_reads, ReadEndpoints.VersionAsync).Needs(Scopes.Read).WithSummary("tells what a version is");
        routes.MapMethods($"{Version}/code", s_reads, ReadEndpoints.CodeAsync).Needs(Scopes.Read).WithSummary("gives a version's code");
        routes.MapMethods($"{Script}/diff", s_reads, ReadEndpoints.DiffAsync).Needs(Scopes.Read)
            .WithSummary("compares the code of two versions");
        routes.MapPatch(Script, ChangeEndpoints.ChangeAsync).Needs(Scopes.Write)
            .WithSummary("enables a script, or says which versions are kept");
        routes.MapDelete(Script, ChangeEndpoints.DeleteAsync).Needs(Scopes.Write).WithSummary("deletes a script");
        routes.MapDelete(Version, ChangeEndpoints.DeleteVersionAsync).Needs(Scopes.Write).WithSummary("deletes a version");
        routes.MapMethods($"{Script}/aliases", s_reads, AliasEndpoints.ListAsync).Needs(Scopes.Read)
            .WithSummary("lists a script's aliases");
        routes.MapMethods(Alias, s_reads, AliasEndpoints.FindAsync).Needs(Scopes.Read).WithSummary("tells what an alias names");
        routes.MapPut(Alias, AliasEndpoints.MoveAsync).Needs(Scopes.Write).WithSummary("moves an alias");
        routes.MapDelete(Alias, AliasEndpoints.DeleteAsync).Needs(Scopes.Write).WithSummary("deletes an alias");
        routes.MapPost($"{Alias}/rollback", AliasEndpoints.RollBackAsync).Needs(Scopes.Write).WithSummary("moves an alias back");
    }
}
