using System.Text.Json.Serialization;
using Faas.Actors.UseCases;
using Faas.Http.Wire;

namespace Faas.Http.Api.Archives;

/// <summary>What became of the scripts of an archive; each is in one of the first three lists.</summary>
/// <param name="DryRun">Whether nothing was stored, and this is what would have become of them.</param>
/// <param name="Taken">The scripts of which something was not here before.</param>
/// <param name="There">The paths of the scripts of which all was here before.</param>
/// <param name="Refused">The scripts of which nothing was taken.</param>
/// <param name="LeftOut">The versions that were left out of scripts that were taken or are here.</param>
public sealed record ImportReply(
    bool DryRun,
    IReadOnlyList<TakenReply> Taken,
    IReadOnlyList<string> There,
    IReadOnlyList<NotTakenReply> Refused,
    IReadOnlyList<NotTakenReply> LeftOut)
{
    /// <summary>A report as it is sent.</summary>
    public static ImportReply Of(ImportReport report, bool dryRun) => new(
        dryRun,
        [.. Those(report, ImportResult.Taken).Select(script => new TakenReply(script.Path, script.Versions))],
        [.. Those(report, ImportResult.There).Select(script => script.Path)],
        [.. Those(report, ImportResult.Refused).Select(script => new NotTakenReply(script.Path, script.Why!))],
        [.. report.Scripts.SelectMany(script => script.LeftOut.Select(why => new NotTakenReply(script.Path, why)))]);

    private static IEnumerable<ImportedScript> Those(ImportReport report, ImportResult result) =>
        report.Scripts.Where(script => script.Result == result);
}

/// <summary>A script that was taken.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Versions">How many versions were added.</param>
public sealed record TakenReply([property: JsonConverter(typeof(PlainTextConverter))] string Path, int Versions);

/// <summary>A script, or a version of one, that was not taken.</summary>
/// <param name="Path">The script's path.</param>
/// <param name="Why">One sentence.</param>
public sealed record NotTakenReply(
    [property: JsonConverter(typeof(PlainTextConverter))] string Path,
    [property: JsonConverter(typeof(PlainTextConverter))] string Why);

/// <summary>JSON of this room's records.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ImportReply))]
internal sealed partial class ArchivesJson : JsonSerializerContext;
