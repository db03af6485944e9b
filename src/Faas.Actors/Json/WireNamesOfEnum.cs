using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;

namespace Faas.Actors.Json;

/// <summary>The names of one enum's members (<see cref="WireNames"/>), by their numbers.</summary>
internal sealed class WireNamesOfEnum
{
    private readonly Type _type;
    private readonly Dictionary<int, (string Text, byte[] Utf8)> _names = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _all = [];

    /// <summary>Reads the attributes of an enum, whose members are 32-bit integers.</summary>
    public WireNamesOfEnum(Type type)
    {
        _type = type;
        foreach (var member in type.GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            if (member.GetCustomAttribute<JsonStringEnumMemberNameAttribute>() is { Name: var name })
            {
                var number = (int)member.GetRawConstantValue()!;
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
    public string TextOf(int number) => NameOf(number).Text;

    /// <summary>The name of a number as UTF-8. Throws as <see cref="TextOf"/>.</summary>
    public ReadOnlySpan<byte> Utf8Of(int number) => NameOf(number).Utf8;

    /// <summary>Finds the number of a name.</summary>
    public bool TryFind(string name, out int number) => _numbers.TryGetValue(name, out number);

    private (string Text, byte[] Utf8) NameOf(int number) => _names.TryGetValue(number, out var name)
        ? name
        : throw new ArgumentOutOfRangeException(nameof(number), number, $"This {_type.Name} has no name outside the server.");
}
