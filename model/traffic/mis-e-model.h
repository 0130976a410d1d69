// SPDX-License-Identifier: GPL-2.0-only

/**
 * @file
 * Transmission rating of a telephone call by the E-model (ITU-T Recommendation G.107).
 */
#ifndef MIS_E_MODEL_H
#define MIS_E_MODEL_H

namespace ns3::mis
{

/**
 * @brief What the E-model needs to know of a connection; the defaults are those of G.107, table 2.
 */
struct EModelParameters
{
    double sendLoudness{8};           //!< SLR, dB
    double receiveLoudness{2};        //!< RLR, dB
    double sidetoneMasking{15};       //!< STMR, dB
    double dSend{3};                  //!< D-value of the telephone, send side: Ds
    double dReceive{3};               //!< D-value of the telephone, receive side: Dr
    double talkerEchoLoudness{65};    //!< TELR, dB
    double weightedEchoPathLoss{110}; //!< WEPL, dB
    double echoDelay{0};              //!< T, mean one-way delay of the echo path, ms
    double roundTripDelay{0};         //!< Tr, in the closed four-wire loop, ms
    double absoluteDelay{0};          //!< Ta, in echo-free connections, ms
    double quantizingUnits{1};        //!< qdu
    double equipmentImpairment{0};    //!< Ie of the codec
    double lossRobustness{4.3};       //!< Bpl of the codec
    double lossPercent{0};            //!< Ppl, random packet loss, 0 to 100 %
    double burstRatio{1};             //!< BurstR, 1 for random loss, more for bursts
    double circuitNoise{-70};         //!< Nc, dBm0p
    double noiseFloor{-64};           //!< Nfor, dBmp
    double roomNoiseSend{35};         //!< Ps, dB(A)
    double roomNoiseReceive{35};      //!< Pr, dB(A)
    double advantage{0};              //!< A, 0 to 20
    double delaySensitivity{1};       //!< sT of G.107 (06/2015)
    double perceivableDelay{100};     //!< mT of G.107 (06/2015), ms
};

/// Impairment by lost packets of a codec (ITU-T G.113, appendix I).
struct VoiceCodec
{
    double equipmentImpairment; //!< Ie
    double lossRobustness;      //!< Bpl
};

/// G.711 with 10 ms packets or more, without concealment of lost packets.
inline constexpr VoiceCodec G711{0, 4.3};
/// G.711 with the concealment of its appendix I.
inline constexpr VoiceCodec G711_WITH_CONCEALMENT{0, 25.1};

/**
 * @brief The E-model: R = Ro - Is - Id - Ie,eff + A.
 *
 * Sidetone masking ratings from 9 to 20 dB are covered, for others G.107 has another Idte.
 */
class EModel
{
  public:
    /// @param parameters the connection
    explicit EModel(const EModelParameters& parameters);

    /**
     * @brief A connection over packets, all else as G.107 has it by default.
     * @param codec the codec
     * @param mouthToEarMs one-way delay from mouth to ear, ms; it is T and Ta, twice that is Tr
     * @param lossPercent packets that were not played, 0 to 100 %
     * @param burstRatio BurstR
     * @return the model
     */
    static EModel OfPackets(const VoiceCodec& codec,
                            double mouthToEarMs,
                            double lossPercent,
                            double burstRatio = 1);

    /// @return R, the transmission rating factor; 93.2 by default, may be below 0
    double R() const;

    /// @return Ro, basic signal-to-noise ratio
    double BasicSignalToNoise() const;

    /// @return Is, impairments that come along with the voice
    double SimultaneousImpairment() const;

    /// @return Id = Idte + Idle + Idd, impairments by delay
    double DelayImpairment() const;

    /// @return Idte, by talker echo
    double TalkerEchoImpairment() const;

    /// @return Idle, by listener echo
    double ListenerEchoImpairment() const;

    /// @return Idd, by too long a delay without echo
    double AbsoluteDelayImpairment() const;

    /// @return Ie,eff, by the codec and lost packets
    double EffectiveEquipmentImpairment() const;

    /**
     * @brief Mean opinion score that belongs to a rating (G.107, annex B).
     * @param r rating factor R
     * @return MOS for the estimated conversational quality, 1 to 4.5
     */
    static double Mos(double r);

  private:
    double NoiseSum() const;

    EModelParameters m_p;
};

} // namespace ns3::mis

#endif // MIS_E_MODEL_H
