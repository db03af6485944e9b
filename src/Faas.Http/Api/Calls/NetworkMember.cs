using System.Text.Json;
using Faas.Actors.Hosts;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>
/// The member <c>network</c>: <c>{"allow": ["api.example.com:443"]}</c>. Throws <see cref="ProblemException"/>, which names the host that
/// is none, or that the server or the caller's key does not permit.
/// </summary>
internal static class NetworkMember
{
    private const string Allow = "allow";
    private static readonly string s_name = CallMembers.Network.ToWire();

    /// <summary>Reads it; null: it asks for no host.</summary>
    public static NetworkSetting? Of(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw ProblemException.Malformed(
                $"\"{s_name}\" must be an object with an array of hosts, \"{Allow}\", not {MemberValue.Kind(json.TokenType)}.");
        }

        IReadOnlyList<string>? hosts = null;
        while (MemberValue.Next(ref json, CallMembers.Network) is { } name)
        {
            if (name != Allow || hosts is not null)
            {
                throw ProblemException.Malformed(hosts is not null && name == Allow
                    ? $"\"{s_name}\" has \"{Allow}\" twice."
                    : $"\"{s_name}\" has {MemberValue.Quoted(name)}; allowed is \"{Allow}\".");
            }

            hosts = MemberValue.List(ref json, CallMembers.Network, Allow);
        }

        if (hosts is null)
        {
            throw ProblemException.Malformed($"\"{s_name}\" lacks \"{Allow}\".");
        }

        return EgressRules.TryParse(hosts, out var rules, out var wrong)
            ? rules.Rules.Count == 0 ? null : new NetworkSetting(rules)
            : throw ProblemException.Malformed($"\"{s_name}\" is wrong: {wrong}");
    }

    /// <summary>Checks that the server and the caller's key permit what is asked for.</summary>
    public static void Check(HttpContext context, NetworkSetting? asked)
    {
        var ceiling = context.RequestServices.GetRequiredService<UseCaseOptions>().Network;
        if (asked is not null && ceiling.Check(asked, context.KeyNetwork()) is { } wrong)
        {
            throw ProblemException.Malformed($"\"{s_name}\" {wrong}.");
        }
    }
}
