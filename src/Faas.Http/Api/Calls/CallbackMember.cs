using System.Text.Json;
using Faas.Actors.Callbacks;
using Faas.Actors.Json;
using Faas.Actors.Runs.Kept;
using Faas.Http.Wire.Problems;

namespace Faas.Http.Api.Calls;

/// <summary>
/// The member <c>callback</c>: a URL, or <c>{"url", "format", "on"}</c>. Each method throws <see cref="ProblemException"/>, which names
/// what is wrong.
/// </summary>
public static class CallbackMember
{
    /// <summary>Its name.</summary>
    public const string Name = "callback";

    private const string UrlOf = "url", FormatOf = "format", OnOf = "on";

    /// <summary>Reads it.</summary>
    /// <param name="json">Its value as JSON.</param>
    public static KeptCallback Of(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return new KeptCallback(MemberValue.Text(ref reader, CallMembers.Callback), CallbackFormat.CloudEvents);
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw ProblemException.Malformed($"\"{Name}\" must be a URL or an object, not {MemberValue.Kind(reader.TokenType)}.");
        }

        var body = BodyObject.Of(json, Name, UrlOf, FormatOf, OnOf);
        var url = body.Text(UrlOf) ?? throw ProblemException.Malformed($"\"{Name}.{UrlOf}\" is missing.");
        return new KeptCallback(url, body.Word<CallbackFormat>(FormatOf) ?? CallbackFormat.CloudEvents) { On = OnIn(body) };
    }

    /// <summary>The same callback, if this server sends callbacks and the operator permits its host; null: there is none.</summary>
    public static KeptCallback? Permitted(HttpContext context, KeptCallback? callback)
    {
        if (callback is null)
        {
            return null;
        }

        var options = context.RequestServices.GetRequiredService<CallbackOptions>();
        return options.Missing is { } missing ? throw new ProblemException(FaasProblems.CallbacksUnsupported(missing))
            : CallbackTarget.TryParse(callback.Url, options.Hosts, out _, out var wrong) ? callback
            : throw ProblemException.Malformed($"\"{Name}\" is {UnknownName.Quoted(callback.ShownUrl)}; it {wrong}.");
    }

    // Null: both.
    private static CallbackOutcome? OnIn(BodyObject body)
    {
        if (body.Texts(OnOf) is not { } words)
        {
            return null;
        }

        var outcomes = words.Select(word => WireNames.TryParse<CallbackOutcome>(word, out var outcome)
            ? outcome
            : throw ProblemException.Malformed(
                $"\"{Name}.{OnOf}\" has {UnknownName.Quoted(word)}; allowed are {WireNames.Allowed<CallbackOutcome>()}."))
            .Distinct().ToList();
        return outcomes switch
        {
            [] => throw ProblemException.Malformed($"\"{Name}.{OnOf}\" is empty; allowed are {WireNames.Allowed<CallbackOutcome>()}."),
            [var one] => one,
            _ => null,
        };
    }
}
