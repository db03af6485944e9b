using Faas.Actors.Configuration;
using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Lifecycle;
using Faas.Http.Wire;
using Faas.Http.Wire.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Faas.Http.Api.Settings;

/// <summary>Shows an operator the settings of the server, and has them read anew.</summary>
public static class SettingsEndpoints
{
    /// <summary>Adds the routes.</summary>
    public static void MapSettings(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/settings", Show).Needs(Scopes.Admin).WithSummary("shows every setting of the server");
        routes.MapPost("/api/v1/reload", ReloadAsync).Needs(Scopes.Admin).WithSummary("reads the settings of the server anew");
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
