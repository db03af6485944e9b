using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;

namespace Faas.Actors.Json;

/// <summary>The names of one enum's members (<see cref="WireNames"/>), by their numbers.</summary>
internal sealed class WireNamesOfEnum
{
    private readonly Type _type;
    private readonly Dictionary<long, (string Text, byte[] Utf8)> _names = [];
    private readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _all = [];

    /// <summary>Reads the attributes of an enum, whose members are integers of 32 or 64 bits.</summary>
    public WireNamesOfEnum(Type type)
    {
        _type = type;
        foreach (var member in type.GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            if (member.GetCustomAttribute<JsonStringEnumMemberNameAttribute>() is { Name: var name })
            {
                var number = Convert.ToInt64(member.GetRawConstantValue(), CultureInfo.InvariantCulture);
                _names.Add(number, (name, Encoding.UTF8.GetBytes(name)));
                _numbers.Add(name, number);
                _all.Add(name);
            }
        }

        Allowed = string.Join(", ", _all);
    }

    /// <summary>Every name, in the order of the enum's declaration.</summary>
    public IReadOnlyList<string> All => _all;

    /// <summary>Every name in one line.</summary>
    public string Allowed { get; }

    /// <summary>The name of a number. Throws <see cref="ArgumentOutOfRangeException"/> for one that has none.</summary>
    public string TextOf(long number) => NameOf(number).Text;

    /// <summary>The name of a number as UTF-8. Throws as <see cref="TextOf"/>.</summary>
    public ReadOnlySpan<byte> Utf8Of(long number) => NameOf(number).Utf8;

    /// <summary>Finds the number of a name.</summary>
    public bool TryFind(string name, out long number) => _numbers.TryGetValue(name, out number);

    private (string Text, byte[] Utf8) NameOf(long number) => _names.TryGetValue(number, out var name)
        ? name
        : throw new ArgumentOutOfRangeException(nameof(number), number, $"This {_type.Name} has no name outside the server.");
}
