using System.Globalization;
using System.Text.Json.Serialization;
using Faas.Actors.Configuration;

namespace Faas.Actors.Scripts;

/// <summary>
/// How many records of a script's kept runs are kept, and for how long after their ends. The operator's bounds hold beside these. (Which
/// versions of a script are kept is said by <see cref="Retention"/>.)
/// </summary>
/// <param name="Count">How many records of ended runs, 1 to 1000000; null: the operator's bounds alone hold.</param>
/// <param name="Age">For how long, 1 s to a year; null: likewise.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RunRetention(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Count = null,
    [property: JsonConverter(typeof(SecondsConverter))]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TimeSpan? Age = null)
{
    /// <summary>The most records that can be asked for.</summary>
    public const int MostCount = 1_000_000;

    /// <summary>The units of an age, for messages.</summary>
    public const string Units = "s, m, h, d";

    /// <summary>The shortest age.</summary>
    public static TimeSpan LeastAge { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest age: a year.</summary>
    public static TimeSpan MostAge { get; } = TimeSpan.FromDays(365);

    /// <summary>What is wrong with it, as a sentence that goes on after the name of the setting; null: nothing.</summary>
    public static string? Check(RunRetention retention) =>
        retention is { Count: null, Age: null } ? "has neither \"count\" nor \"age\""
        : retention.Count is < 1 or > MostCount
            ? string.Create(CultureInfo.InvariantCulture, $"has {retention.Count} as \"count\"; allowed are 1 to {MostCount}")
        : retention.Age < LeastAge || retention.Age > MostAge
            ? $"has {DurationText.Of(retention.Age.Value)} as \"age\"; allowed are 1s to 365d"
        : null;

    /// <summary>Reads an age: a number of seconds, or a number with one of the <see cref="Units"/>; false: it is none.</summary>
    public static bool TryParseAge(string text, out TimeSpan age)
    {
        if (text is [.. var days, 'd']
            && double.TryParse(days, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            age = TimeSpan.FromDays(Math.Min(number, 1e6));
            return true;
        }

        return DurationText.TryParse(text, out age);
    }
}
