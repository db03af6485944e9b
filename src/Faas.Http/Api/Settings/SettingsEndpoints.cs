using Faas.Actors.Configuration;
using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Api.Description;
using Faas.Http.Lifecycle;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faas.Http.Api.Settings;

/// <summary>Shows an operator the settings of the server, and has them read anew.</summary>
public static class SettingsEndpoints
{
    private const string Tag = "server";

    private const string Example =
        """{"settings": [{"key": "faas.pool.running", "value": "8", "origin": "overrides.conf line 3", "reloads": true}]}""";

    private const string ReloadExample =
        """{"changed": [{"key": "faas.pool.running", "from": "4", "to": "8"}], "atNextStart": [], "notices": []}""";

    private static readonly string[] s_reads = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Adds the routes.</summary>
    public static void MapSettings(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/api/v1/settings", s_reads, Show).Needs(Scopes.Admin)
            .WithName("getSettings").WithSummary("shows every setting of the server").WithTags(Tag).ReplyExample(Example);
        routes.MapPost("/api/v1/reload", ReloadAsync).Needs(Scopes.Admin)
            .WithName("reloadSettings").WithSummary("reads the settings of the server anew").WithTags(Tag)
            .Fails(409).ReplyExample(ReloadExample);
    }

    private static JsonBody<SettingsReply> Show(SettingsReload reload) =>
        new(SettingsReply.Of(reload), SettingsJson.Default.SettingsReply);

    private static async Task<Results<JsonBody<ReloadReply>, ProblemReply>> ReloadAsync(
        SettingsReload reload, CancellationToken cancellation)
    {
        try
        {
            var report = await reload.ReloadAsync(cancellation);
            return new JsonBody<ReloadReply>(ReloadReply.Of(report), SettingsJson.Default.ReloadReply);
        }
        catch (SettingException wrong)
        {
            return new ProblemReply(FaasProblems.Of(Refusal.Conflict($"All settings stay as they were. {wrong.Message}")));
        }
    }
}
