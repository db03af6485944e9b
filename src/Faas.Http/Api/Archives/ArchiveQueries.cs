using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Http.Api.Calls;
using Faas.Http.Api.Scripts;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Archives;

/// <summary>The query of <c>GET /api/v1/export</c>.</summary>
/// <param name="Prefix">Only scripts whose paths begin with this text; empty: all.</param>
public sealed record ExportQuery(string Prefix)
{
    internal const string PrefixName = "prefix";

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static ValueTask<ExportQuery> BindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        StrictRequest.CheckQuery(query, PrefixName);
        var prefix = PageOfList.One(query, PrefixName) ?? "";
        return ScriptPath.CheckPrefix(prefix) is { } wrong
            ? throw ProblemException.Malformed($"\"{PrefixName}\" {wrong}.")
            : ValueTask.FromResult(new ExportQuery(prefix));
    }
}

/// <summary>The query of <c>POST /api/v1/import</c>.</summary>
/// <param name="Onto">The path below which the scripts are put; null: they keep their paths.</param>
/// <param name="DryRun">Whether only the report is wanted.</param>
/// <param name="SkipBroken">Whether versions whose code cannot be taken are left out.</param>
public sealed record ImportQuery(string? Onto, bool DryRun, bool SkipBroken)
{
    internal const string OntoName = "onto", DryRunName = "dryRun", SkipBrokenName = "skipBroken";

    /// <summary>Reads it as minimal APIs ask for it; throws <see cref="ProblemException"/>.</summary>
    public static ValueTask<ImportQuery> BindAsync(HttpContext context)
    {
        var query = context.Request.Query;
        StrictRequest.CheckQuery(query, OntoName, DryRunName, SkipBrokenName);
        var onto = PageOfList.One(query, OntoName)?.TrimEnd('/');
        return onto is not null && ScriptPath.Check(onto) is { } wrong
            ? throw ProblemException.Malformed($"\"{OntoName}\" {wrong}.")
            : ValueTask.FromResult(new ImportQuery(onto, Flag(query, DryRunName), Flag(query, SkipBrokenName)));
    }

    /// <summary>What the use case is asked.</summary>
    public ImportRequest ToRequest(int mostCodeBytes) => new(Onto, DryRun, SkipBroken, mostCodeBytes);

    private static bool Flag(IQueryCollection query, string name) => PageOfList.One(query, name) switch
    {
        null or "false" => false,
        "true" => true,
        var other => throw ProblemException.Malformed($"\"{name}\" is {UnknownName.Quoted(other)}; allowed are true and false."),
    };
}
