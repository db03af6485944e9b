using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Faas.Actors.Hosts;

/// <summary>
/// An allow list: the hosts and ports that may be reached. Immutable, each rule once and in ordinal order, and equal to every other one
/// with the same rules. It is stored as a JSON array of texts.
/// </summary>
[JsonConverter(typeof(EgressRulesConverter))]
public sealed class EgressRules : IEquatable<EgressRules>
{
    /// <summary>The most rules of one list.</summary>
    public const int Most = 100;

    private readonly EgressRule[] _rules;
    private readonly string _text;

    private EgressRules(IEnumerable<EgressRule> rules)
    {
        _rules = [.. rules.Distinct().OrderBy(rule => rule.Text, StringComparer.Ordinal)];
        _text = string.Join(", ", _rules.Select(rule => rule.Text));
    }

    /// <summary>Nothing may be reached.</summary>
    public static EgressRules None { get; } = new([]);

    /// <summary>The rules.</summary>
    public IReadOnlyList<EgressRule> Rules => _rules;

    /// <summary>Reads a list; throws <see cref="FormatException"/> with a sentence that names the wrong text and what is allowed.</summary>
    public static EgressRules Parse(IEnumerable<string> texts) =>
        TryParse(texts, out var rules, out var wrong) ? rules : throw new FormatException(wrong);

    /// <summary>Reads a list of at most <see cref="Most"/> rules.</summary>
    /// <param name="texts">The rules.</param>
    /// <param name="rules">The list; null: a text is wrong.</param>
    /// <param name="wrong">A sentence that names the wrong text and what is allowed; null: nothing is wrong.</param>
    public static bool TryParse(
        IEnumerable<string> texts, [NotNullWhen(true)] out EgressRules? rules, [NotNullWhen(false)] out string? wrong)
    {
        (rules, wrong) = (null, null);
        var parsed = new List<EgressRule>();
        foreach (var text in texts)
        {
            if (!EgressRule.TryParse(text, out var rule, out wrong))
            {
                return false;
            }

            parsed.Add(rule);
        }

        if (parsed.Count > Most)
        {
            wrong = $"There are {parsed.Count} rules; at most {Most} are allowed.";
            return false;
        }

        rules = new EgressRules(parsed);
        return true;
    }

    /// <summary>The first rule that permits a host at a port; null: none does.</summary>
    public EgressRule? RuleFor(HostName host, int port) => Array.Find(_rules, rule => rule.Permits(host, port));

    /// <summary>Whether a host may be reached at a port.</summary>
    public bool Permits(HostName host, int port) => RuleFor(host, port) is not null;

    /// <summary>The first rule of another list that permits more than this one; null: this list covers all of them.</summary>
    public EgressRule? FirstOutside(EgressRules asked) => Array.Find(asked._rules, rule => !rule.Ports.All(port => Covers(rule, port)));

    /// <summary>Whether this list permits everything that another one does.</summary>
    public bool Covers(EgressRules asked) => FirstOutside(asked) is null;

    /// <summary>What both this list and another one permit.</summary>
    public EgressRules Within(EgressRules other) =>
        other.Covers(this) ? this : new EgressRules([.. PartsIn(other), .. other.PartsIn(this)]);

    /// <inheritdoc/>
    public bool Equals(EgressRules? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EgressRules);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The rules with commas between them.</summary>
    public override string ToString() => _text;

    // Two rules permit hosts of which none, or all those of one rule, are permitted by the other.
    private IEnumerable<EgressRule> PartsIn(EgressRules other) => _rules.SelectMany(rule =>
        rule.Ports.All(port => other.Covers(rule, port)) ? [rule] : rule.Ports.Where(port => other.Covers(rule, port)).Select(rule.At));

    private bool Covers(EgressRule asked, int port) => _rules.Any(rule => rule.Covers(asked, port));
}
