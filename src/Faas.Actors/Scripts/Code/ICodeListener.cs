namespace Faas.Actors.Scripts.Code;

/// <summary>Hears of code that has been stored.</summary>
public interface ICodeListener
{
    /// <summary>The code is stored. It may have been stored before.</summary>
    void Stored(ScriptCode code);
}
