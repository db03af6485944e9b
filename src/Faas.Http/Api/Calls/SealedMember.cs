using System.Text.Json;
using Faas.Actors.Hosts;
using Faas.Actors.Json;
using Faas.Actors.Scripts;
using Faas.Actors.UseCases;
using Faas.Http.Access;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>
/// The member <c>sealed</c>: <c>{"API_KEY": ["api.example.com:80"]}</c>. Throws <see cref="ProblemException"/>, which names the secret or
/// the host that is wrong.
/// </summary>
internal static class SealedMember
{
    private static readonly string s_name = CallMembers.Sealed.ToWire();

    /// <summary>Reads it; null: it names no secret.</summary>
    public static SealedSecrets? Of(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw ProblemException.Malformed(
                $"\"{s_name}\" must be an object with an array of hosts for each secret, not {MemberValue.Kind(json.TokenType)}.");
        }

        var entries = new Dictionary<string, EgressRules>(StringComparer.Ordinal);
        while (MemberValue.Next(ref json, CallMembers.Sealed) is { } name)
        {
            var hosts = MemberValue.List(ref json, CallMembers.Sealed, name);
            if (!EgressRules.TryParse(hosts, out var rules, out var wrong))
            {
                throw ProblemException.Malformed($"\"{s_name}\" is wrong in {MemberValue.Quoted(name)}: {wrong}");
            }

            if (!entries.TryAdd(name, rules))
            {
                throw ProblemException.Malformed($"\"{s_name}\" has {MemberValue.Quoted(name)} twice.");
            }
        }

        return SealedSecrets.Of(entries);
    }

    /// <summary>Checks it beside the other settings, and that the server can do what it asks for.</summary>
    public static void Check(HttpContext context, ScriptSettings asked)
    {
        var options = context.RequestServices.GetRequiredService<UseCaseOptions>();
        if ((SealingRules.Check(asked) ?? options.Network.Check(asked.Sealed)) is { } wrong)
        {
            throw ProblemException.Malformed($"\"{s_name}\" {wrong}.");
        }
    }

    /// <summary>
    /// Checks the secrets of code that is not stored. A caller who may store scripts could have their values by a script; no other caller
    /// gets a request with one.
    /// </summary>
    public static void CheckOfCode(HttpContext context, ScriptSettings asked)
    {
        Check(context, asked);
        if (asked.Sealed is not { } bound)
        {
            return;
        }

        if (!context.KeyMay(Scopes.Write))
        {
            throw new ProblemException(FaasProblems.Forbidden(context.KeyName()!, Scopes.Write.ToWire()));
        }

        var supply = context.RequestServices.GetRequiredService<SecretSupply>();
        if (supply.CheckOfCode(bound.Entries.Select(entry => entry.Key)) is { } missing)
        {
            throw ProblemException.Malformed($"\"{s_name}\" names {missing}.");
        }
    }
}
